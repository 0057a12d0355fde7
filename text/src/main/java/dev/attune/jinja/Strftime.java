package dev.attune.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** C's {@code strftime} in the C locale. */
final class Strftime {
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"),
            Map.entry('b', "MMM"),
            Map.entry('h', "MMM"),
            Map.entry('B', "MMMM"),
            Map.entry('d', "dd"),
            Map.entry('D', "MM/dd/yy"),
            Map.entry('e', "ppd"),
            Map.entry('f', "SSSSSS"),
            Map.entry('F', "uuuu-MM-dd"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('j', "DDD"),
            Map.entry('m', "MM"),
            Map.entry('M', "mm"),
            Map.entry('p', "a"),
            Map.entry('R', "HH:mm"),
            Map.entry('S', "ss"),
            Map.entry('T', "HH:mm:ss"),
            Map.entry('x', "MM/dd/yy"),
            Map.entry('X', "HH:mm:ss"),
            Map.entry('y', "yy"),
            Map.entry('Y', "uuuu"),
            Map.entry('c', "EEE MMM ppd HH:mm:ss uuuu"));
    // glibc's "-" leaves out the leading zero.
    private static final Map<Character, String> UNPADDED =
            Map.of('d', "d", 'e', "d", 'H', "H", 'I', "h", 'j', "D", 'm', "M", 'M', "m", 'S', "s");

    private Strftime() {}

    static String format(String format, LocalDateTime time) {
        var result = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                result.append(c);
                continue;
            }
            boolean unpadded = format.startsWith("%-", i);
            i += unpadded ? 2 : 1;
            char directive = i < format.length() ? format.charAt(i) : '-';
            String pattern = (unpadded ? UNPADDED : PATTERNS).get(directive);
            if (pattern != null) {
                result.append(time.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)));
            } else if (!unpadded && directive == '%') {
                result.append('%');
            } else if (unpadded || "zZ".indexOf(directive) < 0) { // a time without zone has neither
                throw TemplateException.unsupported("strftime_now's '%" + (unpadded ? "-" : "") + directive + "'");
            }
        }
        return result.toString();
    }
}
