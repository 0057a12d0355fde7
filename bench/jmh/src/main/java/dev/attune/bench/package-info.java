/**
 * Benchmarks of Attune's inner parts by JMH, each of one operation on the built-in MiniLM and the quickstart's texts.
 */
@NullMarked
package dev.attune.bench;

import org.jspecify.annotations.NullMarked;
