package dev.attune.cli;

import dev.attune.data.Dataset;
import dev.attune.explore.text.LabelNoise;
import dev.attune.explore.text.LabelVocabulary;
import dev.attune.explore.text.TextLengths;
import dev.attune.explore.text.TextProfile;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What texts are like, for the terminal and as JSON.
 *
 * @param noise null where it was not looked for
 */
record TextDescription(
        Dataset dataset, TextProfile profile, @Nullable LabelNoise noise) {
    /** Of each label. */
    static final int WORDS = 8;

    private static final int LABELS_SHOWN = 20;
    private static final int SHOWN = 5;
    private static final int WIDTH = 100;

    Map<String, Object> asMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("lengths", Json.snakeCase(profile.lengths()));
        map.put("vocabulary", Json.snakeCase(profile.vocabulary()));
        map.put("near_duplicates", Json.snakeCase(profile.nearDuplicates()));
        map.put("oddities", Json.snakeCase(profile.oddities().found()));
        if (noise != null) {
            map.put("label_noise", Json.snakeCase(noise.candidates()));
        }
        return map;
    }

    void print(PrintWriter out) {
        printNearDuplicates(out);
        printOddities(out);
        profile.lengths().stream()
                .filter(lengths -> lengths.unit().equals("tokens"))
                .forEach(lengths -> printCuts(lengths, out));
        printVocabulary(out);
        printNoise(out);
    }

    private void printNearDuplicates(PrintWriter out) {
        var near = profile.nearDuplicates();
        out.println(near.repeated() + " rows are the same as an earlier one or nearly so.");
        near.groups().stream()
                .filter(group -> group.similarity() < 1)
                .limit(SHOWN)
                .forEach(group -> out.println("  " + group.rows().size() + " times: "
                        + Terminal.oneLine(text(group.rows().get(0)), WIDTH - 20)));
    }

    private void printOddities(PrintWriter out) {
        for (var oddity : profile.oddities().found()) {
            int rows = oddity.rows().size();
            out.println(rows + (rows == 1 ? " row has " : " rows have ")
                    + oddity.kind().description() + ":");
            oddity.rows().stream()
                    .limit(2)
                    .forEach(row -> out.println("  row " + (row + 1) + ": " + Terminal.oneLine(text(row), WIDTH - 20)));
        }
    }

    private static void printCuts(TextLengths lengths, PrintWriter out) {
        out.println();
        var table =
                new Table().row("max-length", "texts cut", "tokens lost", "padding, all to it", "padding, by length");
        lengths.cuts()
                .forEach(cut -> table.row(
                        cut.maxLength(),
                        cut.textsCut(),
                        share(cut.lost()),
                        share(cut.paddedFixed()),
                        share(cut.paddedByLength())));
        table.print(out);
    }

    private void printVocabulary(PrintWriter out) {
        if (profile.vocabulary().isEmpty()) {
            return;
        }
        out.println();
        var table = new Table().row("label", "words that tell it from the others");
        profile.vocabulary().stream()
                .limit(LABELS_SHOWN)
                .forEach(label -> table.row(
                        label.label(),
                        label.words().stream().map(LabelVocabulary.Word::word).collect(Collectors.joining(", "))));
        table.print(out);
        if (profile.vocabulary().size() > LABELS_SHOWN) {
            out.println("... and " + (profile.vocabulary().size() - LABELS_SHOWN) + " more labels");
        }
    }

    private void printNoise(PrintWriter out) {
        if (noise == null) {
            return;
        }
        out.println();
        out.println(noise.candidates().size() + " labels may be wrong, the likeliest first:");
        noise.candidates().stream()
                .limit(2 * SHOWN)
                .forEach(candidate -> out.println(String.format(
                        Locale.ROOT,
                        "  row %d: %s %.2f, %s %.2f: %s",
                        candidate.row() + 1,
                        candidate.label(),
                        candidate.probability(),
                        candidate.suggested(),
                        candidate.suggestedProbability(),
                        Terminal.oneLine(text(candidate.row()), WIDTH - 40))));
    }

    private String text(int row) {
        return dataset.examples().get(row).text();
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
