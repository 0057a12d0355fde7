/**
 * The few places where libtorch is met as a library: devices, dtypes, threads, seeds, arrays in and out.
 */
@NullMarked
package dev.attune.torch;

import org.jspecify.annotations.NullMarked;
