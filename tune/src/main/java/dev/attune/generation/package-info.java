/**
 * Text out of causal models: greedy or sampled, in batches, as a stream, with keys and values kept from token to token.
 */
@NullMarked
package dev.attune.generation;

import org.jspecify.annotations.NullMarked;
