package dev.attune.explore.table;

/** What the values of a column are; missing ones do not count. */
public enum Kind {
    /** Whole numbers. */
    INTEGER,
    DECIMAL,
    /** True and false, yes and no, t and f. */
    BOOLEAN,
    /** Dates, with or without a time. */
    DATE,
    /** Words that repeat. */
    CATEGORY,
    /** Words that do not. */
    TEXT,
    /** Whole numbers of 16 digits and more, which are kept as words: rounded to doubles, some would become the same. */
    IDENTIFIER,
    /** Words among which more than a twentieth, but less than 19 in 20, are numbers. */
    MIXED,
    /** No value at all. */
    EMPTY;

    public boolean isNumeric() {
        return this == INTEGER || this == DECIMAL;
    }
}
