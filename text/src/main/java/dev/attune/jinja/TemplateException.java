package dev.attune.jinja;

import java.io.Serial;

/** A template that cannot be parsed, or cannot be rendered with what it was given. */
public final class TemplateException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int line;

    TemplateException(String message) {
        this(message, 0);
    }

    TemplateException(String message, int line) {
        super(message);
        this.line = line;
    }

    static TemplateException unsupported(String construct) {
        return new TemplateException(construct + " is not supported here, though Jinja has it");
    }

    TemplateException at(int where) {
        if (line > 0) {
            return this;
        }
        var placed = new TemplateException(String.valueOf(getMessage()), where);
        placed.initCause(this);
        return placed;
    }

    /** The template's line, counted from 1. */
    public int line() {
        return line;
    }
}
