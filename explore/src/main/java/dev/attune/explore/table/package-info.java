/**
 * Tables of numbers, words or both: what stands in each column, what is missing or odd, how columns go together, and which
 * need scaling. DuckDB does the counting.
 */
@NullMarked
package dev.attune.explore.table;

import org.jspecify.annotations.NullMarked;
