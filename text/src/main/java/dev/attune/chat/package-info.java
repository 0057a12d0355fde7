/**
 * Conversations and the chat templates of Hugging Face folders, which turn them into the text a model was trained on.
 */
@NullMarked
package dev.attune.chat;

import org.jspecify.annotations.NullMarked;
