package dev.attune.jinja;

/**
 * A string that {@code safe} or {@code escape} has marked. It can be printed, joined and tested; what Jinja2 would do
 * else with it (a sum with a plain string escapes that) is an error.
 */
record Markup(String text) {}
