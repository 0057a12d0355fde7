package dev.attune.tokenizer;

/** A token with a role of its own (padding, end of text, …): how it is written, and its id. */
public record SpecialToken(String content, int id) {}
