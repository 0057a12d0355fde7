package dev.attune.explore.report;

import java.util.Locale;

/** Numbers and counts as sentences and cells have them. */
final class Text {
    private Text() {}

    /** {@code 5,574}. */
    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** {@code 1 row}, {@code 5,574 rows}. */
    static String count(long n, String one, String many) {
        return count(n) + " " + (n == 1 ? one : many);
    }

    /** {@code 13.4%}; shares that are not nothing never read as nothing. */
    static String share(double share) {
        double percent = 100 * share;
        if (percent > 0 && percent < 0.05) {
            return "under 0.1%";
        }
        return String.format(Locale.ROOT, percent > 99.9 && percent < 100 ? "%.2f%%" : "%.1f%%", percent);
    }

    /** Three decimals, as metrics are told. */
    static String metric(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** Four significant digits. */
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return count((long) value);
        }
        double size = Math.abs(value);
        String digits = String.format(
                Locale.ROOT, size >= 1e6 || size < 1e-4 ? "%.3e" : size >= 1000 ? "%,.1f" : "%.4g", value);
        return digits.contains("e") ? digits : digits.replaceFirst("\\.?0+$", "");
    }

    /** The first characters, on one line. */
    static String clipped(String text, int most) {
        String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
    }
}
