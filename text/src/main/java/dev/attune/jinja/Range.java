package dev.attune.jinja;

import java.util.AbstractList;

/** Python's {@code range}, at most 100,000 long as in Jinja2's sandbox. */
final class Range extends AbstractList<Object> {
    private static final long MAX_SIZE = 100_000;

    final long start;
    final long stop;
    final long step;
    private final int size;

    Range(long start, long stop, long step) {
        if (step == 0) {
            throw new TemplateException("range() arg 3 must not be zero");
        }
        this.start = start;
        this.stop = stop;
        this.step = step;
        double steps = Math.ceil(((double) stop - start) / step);
        if (steps > MAX_SIZE) {
            throw new TemplateException("range() would have more than " + MAX_SIZE + " items");
        }
        size = (int) Math.max(0, steps);
    }

    @Override
    public Object get(int index) {
        return start + index * step;
    }

    @Override
    public int size() {
        return size;
    }
}
