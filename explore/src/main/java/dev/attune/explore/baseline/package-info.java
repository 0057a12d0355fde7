/**
 * Classical models to hold a tuned one against: on texts, on embeddings, on tables.
 */
@NullMarked
package dev.attune.explore.baseline;

import org.jspecify.annotations.NullMarked;
