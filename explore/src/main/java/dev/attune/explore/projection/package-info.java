/**
 * Rows of many columns drawn in few: PCA, t-SNE and UMAP, and how far such a picture can be trusted.
 */
@NullMarked
package dev.attune.explore.projection;

import org.jspecify.annotations.NullMarked;
