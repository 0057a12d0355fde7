package dev.attune.jinja;

import java.util.Iterator;

/** What {@code map}, {@code select} and their like give: true, without a length, and empty once it was read. */
record Generator(Iterator<Object> items) implements Iterable<Object> {
    Generator(Iterable<Object> items) {
        this(items.iterator());
    }

    @Override
    public Iterator<Object> iterator() {
        return items;
    }
}
