package dev.attune.data;

import dev.attune.files.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Picks the reader for a file and hands it the rows' collector. */
final class DatasetReader {
    private DatasetReader() {}

    static Dataset read(Path file, ReadOptions options) {
        var data = readMaybeEmpty(file, options);
        if (data.size() == 0) {
            throw new InputException(file + " has no rows.");
        }
        return data;
    }

    static List<String> column(Path file, ReadOptions options, String column) {
        if (isLines(file, options)) {
            throw new InputException(file + " is one text a line and has no column '" + column + "'.");
        }
        var alone = options.toBuilder()
                .textColumns(List.of(column))
                .emptyText(EmptyText.KEEP)
                .build();
        return readMaybeEmpty(file, alone).texts();
    }

    static Optional<String> labelColumn(Path file, ReadOptions options) {
        if (isLines(file, options)) {
            return Optional.empty();
        }
        try (var source = TableSource.ofTexts(file, options)) {
            return Optional.ofNullable(source.label()).map(source.names()::get);
        }
    }

    private static boolean isLines(Path file, ReadOptions options) {
        return options.sql() == null && options.formatOf(file) == Format.LINES;
    }

    static Dataset readMaybeEmpty(Path file, ReadOptions options) {
        InputFile.require(file);
        if (options.sql() != null) {
            var rows = new Rows(file, "row", options);
            TableReader.read(file, options, rows);
            return rows.dataset();
        }
        Format format = options.formatOf(file);
        if (format == Format.LINES) {
            var rows = new Rows(file, "line", options);
            LineReader.read(file, options, rows);
            return rows.dataset();
        }
        if (options.labelsFile() != null || options.labelSeparator() != null) {
            throw new InputException("A label separator or a labels file goes with one text a line, but " + file
                    + " is read as " + format + "; add --format lines.");
        }
        var rows = new Rows(file, "row", options);
        Columns columns = TableReader.read(file, options, rows);
        var data = rows.dataset();
        if ((format == Format.CSV || format == Format.TSV) && options.quote() == null) {
            StrayQuotes.requireNoRowsWithin(file, data, columns, options.delimiter(format), options);
        }
        return data;
    }
}
