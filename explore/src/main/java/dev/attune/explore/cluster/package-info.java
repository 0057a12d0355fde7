/**
 * Rows that belong together: k-means, how many clusters, and how they agree with labels.
 */
@NullMarked
package dev.attune.explore.cluster;

import org.jspecify.annotations.NullMarked;
