package dev.attune.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}
