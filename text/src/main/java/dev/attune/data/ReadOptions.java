package dev.attune.data;

import dev.attune.files.InputException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a file becomes a {@link Dataset}. Columns are given by name, or by position from 0; a column that is not given is
 * guessed from its name (text, sentence, message, tweet …; label, category, class, intent …).
 *
 * @param format {@code null}: by the file's ending
 * @param delimiter one character between fields, or "tab"; {@code null}: comma for CSV, tab for TSV
 * @param quote one character around fields, "none" or empty for none; {@code null}: a double quote, and an error
 *     where a field looks like several lines that a stray quote has swallowed
 * @param header whether the first row names the columns; {@code null}: when it holds a name asked for or a usual one
 * @param encoding any charset Java knows; UTF-8 if not said otherwise. A byte order mark is left out
 * @param textColumns several are joined by {@code textSeparator}; empty: guessed
 * @param labelColumn {@code null}: guessed, and no label where no column looks like one
 * @param labelSeparator for lines: what stands between a label and the text after it, such as a space
 * @param labelsFile for lines: a second file whose n-th line is the label of the n-th text
 * @param labelNames the name for each label value in the file, such as 0 → ham; also fixes the classes' order
 * @param sql a DuckDB query whose columns are read instead of the file's own. It sees the file, read by the other
 *     options, as the table {@code data}, and any file by its path in quotes
 * @param emptyText what to do with rows that have no text
 */
public record ReadOptions(
        @Nullable Format format,
        @Nullable String delimiter,
        @Nullable String quote,
        @Nullable Boolean header,
        String encoding,
        List<String> textColumns,
        String textSeparator,
        @Nullable String labelColumn,
        @Nullable String labelSeparator,
        @Nullable Path labelsFile,
        Map<String, String> labelNames,
        @Nullable String sql,
        EmptyText emptyText) {

    /** @throws InputException for a delimiter or quote of several characters, an encoding Java does not know */
    public ReadOptions {
        textColumns = List.copyOf(textColumns);
        labelNames = Collections.unmodifiableMap(new LinkedHashMap<>(labelNames));
        // As they are typed in a shell or a recipe.
        delimiter = "\\t".equals(delimiter) || "tab".equals(delimiter) ? "\t" : delimiter;
        quote = "none".equals(quote) ? "" : quote;
        if (delimiter != null && delimiter.length() != 1) {
            throw new InputException("The delimiter '" + delimiter + "' has to be one character.");
        }
        if (quote != null && quote.length() > 1) {
            throw new InputException("The quote '" + quote + "' has to be one character, or none.");
        }
        if (labelSeparator != null && labelSeparator.isEmpty()) {
            throw new InputException("The label separator is empty; give what stands between label and text.");
        }
        if (labelSeparator != null && labelsFile != null) {
            throw new InputException("Labels are either before the text (--label-separator) or in a file of their own "
                    + "(--labels-file), not both.");
        }
        charset(encoding);
    }

    /** Everything by the file's ending and the columns' names. */
    public static ReadOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        var builder = new Builder();
        builder.format = format;
        builder.delimiter = delimiter;
        builder.quote = quote;
        builder.header = header;
        builder.encoding = encoding;
        builder.textColumns = textColumns;
        builder.textSeparator = textSeparator;
        builder.labelColumn = labelColumn;
        builder.labelSeparator = labelSeparator;
        builder.labelsFile = labelsFile;
        builder.labelNames = labelNames;
        builder.sql = sql;
        builder.emptyText = emptyText;
        return builder;
    }

    /** The format that is asked for, or else the one that the file's ending tells. */
    Format formatOf(Path file) {
        return format == null ? Format.of(file) : format;
    }

    String delimiter(Format of) {
        return delimiter != null ? delimiter : of == Format.TSV ? "\t" : ",";
    }

    Charset charset() {
        return charset(encoding);
    }

    private static Charset charset(String encoding) {
        try {
            return Charset.forName(encoding.equalsIgnoreCase("latin-1") ? "ISO-8859-1" : encoding);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new InputException(
                    "The encoding '" + encoding
                            + "' is not known; common ones are utf-8, latin-1, windows-1252, utf-16.",
                    e);
        }
    }

    /** Collects options; every one has a default. */
    public static final class Builder {
        private @Nullable Format format;
        private @Nullable String delimiter;
        private @Nullable String quote;
        private @Nullable Boolean header;
        private String encoding = "utf-8";
        private List<String> textColumns = List.of();
        private String textSeparator = " ";
        private @Nullable String labelColumn;
        private @Nullable String labelSeparator;
        private @Nullable Path labelsFile;
        private Map<String, String> labelNames = Map.of();
        private @Nullable String sql;
        private EmptyText emptyText = EmptyText.FAIL;

        private Builder() {}

        public Builder format(@Nullable Format value) {
            format = value;
            return this;
        }

        public Builder delimiter(@Nullable String value) {
            delimiter = value;
            return this;
        }

        public Builder quote(@Nullable String value) {
            quote = value;
            return this;
        }

        public Builder header(@Nullable Boolean value) {
            header = value;
            return this;
        }

        public Builder encoding(String value) {
            encoding = value;
            return this;
        }

        public Builder textColumns(List<String> value) {
            textColumns = value;
            return this;
        }

        public Builder textColumns(String... value) {
            return textColumns(List.of(value));
        }

        public Builder textSeparator(String value) {
            textSeparator = value;
            return this;
        }

        public Builder labelColumn(@Nullable String value) {
            labelColumn = value;
            return this;
        }

        public Builder labelSeparator(@Nullable String value) {
            labelSeparator = value;
            return this;
        }

        public Builder labelsFile(@Nullable Path value) {
            labelsFile = value;
            return this;
        }

        public Builder labelNames(Map<String, String> value) {
            labelNames = value;
            return this;
        }

        public Builder sql(@Nullable String value) {
            sql = value;
            return this;
        }

        public Builder emptyText(EmptyText value) {
            emptyText = value;
            return this;
        }

        public ReadOptions build() {
            return new ReadOptions(
                    format,
                    delimiter,
                    quote,
                    header,
                    encoding,
                    textColumns,
                    textSeparator,
                    labelColumn,
                    labelSeparator,
                    labelsFile,
                    labelNames,
                    sql,
                    emptyText);
        }
    }
}
