package dev.attune.recipe;

import dev.attune.data.Dataset;
import dev.attune.data.EmptyText;
import dev.attune.data.Format;
import dev.attune.data.ReadOptions;
import dev.attune.files.InputException;
import dev.attune.training.Description;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the labelled texts come from, and how they are cleaned and divided. */
public record DataOptions(
        @Description("a file, or the name of a known data set (attune data list)")
        String data,

        @Description("file to choose the best epoch with (default: split off)") @Nullable Path validationData,

        @Description("file to test with (default: split off)") @Nullable Path testData,

        @Description("folder looked at first for known data sets") @Nullable Path dataDir,

        @Description("csv, tsv, json (JSON Lines too), parquet or lines (default: by the file's ending)") @Nullable Format format,

        @Description("one character between fields") @Nullable String delimiter,

        @Description("one character around fields, or none") @Nullable String quote,

        @Description("whether the first row names the columns") @Nullable Boolean header,

        @Description("such as utf-8 or latin-1") String encoding,

        @Description("column of the text, by name or position; several are joined")
        List<String> textColumn,

        @Description("what stands between joined columns") String textSeparator,

        @Description("column of the label, by name or position") @Nullable String labelColumn,

        @Description("for lines: what stands between a label and its text") @Nullable String labelSeparator,

        @Description("for lines: file with the label of each line") @Nullable Path labelsFile,

        @Description("DuckDB query whose columns are read; the file is the table data") @Nullable String sql,

        @Description("rows without text: fail, drop or keep")
        EmptyText emptyText,

        @Description("keep the first of equal texts only") boolean deduplicate,

        @Description("sample the larger classes down to so many times the smallest (1: equal; 0: leave)")
        double balance,

        @Description("use so many rows at the most (0: all)")
        int limit,

        @Description("shares of train, validation and test") List<Double> split,

        @Description("keep the classes' shares in each part")
        boolean stratify,

        @Description("seed of balancing and splitting (default: seed)") @Nullable Long splitSeed) {

    private static final DataOptions DEFAULTS = new DataOptions(
            "",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            "utf-8",
            List.of(),
            " ",
            null,
            null,
            null,
            null,
            EmptyText.FAIL,
            false,
            0,
            0,
            List.of(0.7, 0.1, 0.2),
            true,
            null);

    public DataOptions {
        textColumn = List.copyOf(textColumn);
        split = List.copyOf(split);
        double sum = split.stream().mapToDouble(Double::doubleValue).sum();
        if (split.size() != 3
                || split.stream().anyMatch(share -> !(share >= 0))
                || split.get(0) <= 0
                || Math.abs(sum - 1) > 1e-6) {
            throw new InputException(
                    "split is " + split + "; it takes three shares that sum to 1, such as 0.7,0.1,0.2.");
        }
        if (balance != 0 && !(balance >= 1)) {
            throw new InputException("balance is " + balance
                    + "; it takes 1 (all classes as large as the smallest) or more, or 0 to leave them.");
        }
        if (limit < 0) {
            throw new InputException("limit is " + limit + "; it takes a number of rows, or 0 for all.");
        }
    }

    public static DataOptions defaults() {
        return DEFAULTS;
    }

    /** How the file's format is read. */
    public ReadOptions readOptions() {
        return ReadOptions.builder()
                .format(format)
                .delimiter(delimiter)
                .quote(quote == null || !quote.equals("none") ? quote : "")
                .header(header)
                .encoding(encoding)
                .textColumns(textColumn)
                .textSeparator(textSeparator)
                .labelColumn(labelColumn)
                .labelSeparator(labelSeparator)
                .labelsFile(labelsFile)
                .sql(sql)
                .emptyText(emptyText)
                .build();
    }

    /** Cleaned as asked: equal texts, the limit, the balance of the classes; in this order. */
    Dataset cleaned(Dataset raw, long seed) {
        Dataset dataset = deduplicate ? raw.deduplicated() : raw;
        if (limit > 0 && limit < dataset.size()) {
            dataset = dataset.shuffled(seed).limit(limit);
        }
        return balance == 0 ? dataset : dataset.balanced(balance, seed);
    }
}
