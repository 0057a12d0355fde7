package dev.attune.data;

import dev.attune.files.InputException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** DuckDB's page-long messages as one or two sentences that name the line and our options. */
final class DuckDbErrors {
    private static final Pattern CSV =
            Pattern.compile("CSV Error on Line: (\\d+)\\n(?:Original Line: .*\\n)?", Pattern.MULTILINE);
    private static final Pattern COLUMNS = Pattern.compile("Expected Number of Columns: (\\d+) Found: (\\d+)");
    private static final String QUOTE_NONE = "If quotes are plain characters in this file, read it with --quote none.";

    private DuckDbErrors() {}

    static InputException explain(Path file, Format format, ReadOptions options, SQLException e) {
        String message = String.valueOf(e.getMessage());
        Matcher csv = CSV.matcher(message);
        if (!csv.find()) {
            return new InputException(file + " cannot be read as " + format + ": " + firstLine(e), e);
        }
        String place = file + ", line " + csv.group(1) + ": ";
        boolean quotes = !"".equals(options.quote());
        Matcher columns = COLUMNS.matcher(message);
        if (columns.find()) {
            String found = place + "found " + columns.group(2) + " columns where the first line has " + columns.group(1)
                    + ". ";
            return new InputException(
                    found
                            + (quotes
                                    ? QUOTE_NONE + " Otherwise check --delimiter."
                                    : "If fields are quoted in this file, read it with --quote '\"'; otherwise check --delimiter."),
                    e);
        }
        if (message.contains("quote")) {
            return new InputException(
                    place + "a quote is opened and not closed where the field ends. " + QUOTE_NONE, e);
        }
        String reason = message.substring(csv.end()).lines().findFirst().orElse("it is no valid row");
        return new InputException(place + reason, e);
    }

    /** DuckDB's first line, without the kind of error before it and with a full stop. */
    static String firstLine(SQLException e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
        String reason = line.replaceFirst("^(?:[A-Z][A-Za-z]*:? )*?Error: ", "").strip();
        return reason.endsWith(".") || reason.endsWith("!") ? reason : reason + ".";
    }
}
