package dev.attune.jinja;

/** A value that a template can call. */
interface Invocable {
    Object call(Arguments arguments);
}
