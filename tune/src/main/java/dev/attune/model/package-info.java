/**
 * Transformer families as stacks of blocks that can be cut anywhere.
 */
@NullMarked
package dev.attune.model;

import org.jspecify.annotations.NullMarked;
