/**
 * The one training loop and what it needs: batches, trunk cache, optimizers, schedules, resumable state.
 */
@NullMarked
package dev.attune.training;

import org.jspecify.annotations.NullMarked;
