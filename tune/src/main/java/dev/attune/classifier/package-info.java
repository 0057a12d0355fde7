/**
 * Text in, labels with probabilities out: a backbone with a head.
 */
@NullMarked
package dev.attune.classifier;

import org.jspecify.annotations.NullMarked;
