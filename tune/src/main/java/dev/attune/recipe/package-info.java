/**
 * A whole run described in one file: data, model, method, training, and where the result goes.
 */
@NullMarked
package dev.attune.recipe;

import org.jspecify.annotations.NullMarked;
