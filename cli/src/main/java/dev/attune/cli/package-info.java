/**
 * The attune command: thin picocli commands over the library.
 */
@NullMarked
package dev.attune.cli;

import org.jspecify.annotations.NullMarked;
