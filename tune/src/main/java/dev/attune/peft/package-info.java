/**
 * Adapters in the format of Hugging Face's peft: small trained tensors that change what a frozen model does, and the two
 * files that hold them.
 */
@NullMarked
package dev.attune.peft;

import org.jspecify.annotations.NullMarked;
