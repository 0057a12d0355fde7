/**
 * Hugging Face tokenizers: text in, token ids and lengths out; truncation and padding are decided here.
 */
@NullMarked
package dev.attune.tokenizer;

import org.jspecify.annotations.NullMarked;
