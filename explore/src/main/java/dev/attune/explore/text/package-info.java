/**
 * What texts are like: how long, with which words by label, what repeats, what looks damaged or wrongly labelled.
 */
@NullMarked
package dev.attune.explore.text;

import org.jspecify.annotations.NullMarked;
