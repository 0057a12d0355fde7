/**
 * Weights on disk: safetensors, Hugging Face folders and the hub's cache.
 */
@NullMarked
package dev.attune.checkpoint;

import org.jspecify.annotations.NullMarked;
