package dev.attune.jinja;

/** What a template, which may come from anywhere, is kept from using up. */
final class Limits {
    private static final int CHARS = 1 << 24;
    private static final int ITEMS = 1 << 20;

    private Limits() {}

    static void checkChars(long length) {
        if (length > CHARS) {
            throw new TemplateException("a text of more than " + CHARS + " characters");
        }
    }

    static void checkItems(long size) {
        if (size > ITEMS) {
            throw new TemplateException("a list of more than " + ITEMS + " items");
        }
    }
}
