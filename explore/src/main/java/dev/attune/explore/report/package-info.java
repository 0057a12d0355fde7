/**
 * Reports of tables, texts and runs: what to draw as plain records, and the HTML file, pictures that are made of them.
 */
@NullMarked
package dev.attune.explore.report;

import org.jspecify.annotations.NullMarked;
