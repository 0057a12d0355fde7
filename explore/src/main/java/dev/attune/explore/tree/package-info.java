/**
 * Decision trees, alone of no use here: random forests and gradient boosting are made of them.
 */
@NullMarked
package dev.attune.explore.tree;

import org.jspecify.annotations.NullMarked;
