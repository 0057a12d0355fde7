/**
 * Labelled text: reading, cleaning, balancing and splitting it, and a catalog of known data sets.
 */
@NullMarked
package dev.attune.data;

import org.jspecify.annotations.NullMarked;
