package dev.attune.jinja;

import org.jspecify.annotations.Nullable;

/** A value with attributes of its own: {@code loop}, a namespace, a macro. */
interface Attributes {
    @Nullable Object attribute(String name);
}
