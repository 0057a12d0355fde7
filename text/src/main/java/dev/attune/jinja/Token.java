package dev.attune.jinja;

/**
 * A piece of a template.
 *
 * @param text data, a name, an operator, or how it stands in the template
 * @param value what a literal stands for
 * @param line counted from 1
 */
record Token(Kind kind, String text, Object value, int line) {
    enum Kind {
        /** Text between the tags. */
        DATA,
        PRINT_BEGIN,
        PRINT_END,
        TAG_BEGIN,
        TAG_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    Token(Kind kind, String text, int line) {
        this(kind, text, text, line);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** How an error names it. */
    String description() {
        return switch (kind) {
            case END -> "the end of the template";
            case PRINT_END -> "'}}'";
            case TAG_END -> "'%}'";
            default -> "'" + text + "'";
        };
    }
}
