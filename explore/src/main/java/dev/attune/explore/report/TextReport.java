package dev.attune.explore.report;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.baseline.Labelled;
import dev.attune.explore.matrix.Rows;
import dev.attune.explore.table.ClassBalance;
import dev.attune.explore.text.LabelNoise;
import dev.attune.explore.text.LabelVocabulary;
import dev.attune.explore.text.NearDuplicates;
import dev.attune.explore.text.TextOddities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The report of texts, with or without labels. */
public final class TextReport {
    private static final int FEWEST_POINTS = 20;
    private static final int EMBEDDED = 20_000;
    private static final int BASELINE_ROWS = 10_000;
    private static final List<String> BASELINES = List.of("majority", "tfidf-logistic", "tfidf-svm", "tfidf-bayes");

    private final Dataset data;
    private final ReportOptions options;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();

    private TextReport(Dataset data, ReportOptions options) {
        this.data = data;
        this.options = options;
    }

    /** Looks at texts, without projections, clusters and outliers. */
    public static Exploration of(Dataset data, ReportOptions options) {
        return new TextReport(data, options).explore("", null, null);
    }

    /**
     * Looks at texts.
     *
     * @param model what the vectors are by
     * @param tokens gives how many tokens each text has for the model
     * @param embed gives a vector for each text, in their order; asked once, for {@value #EMBEDDED} texts at most
     */
    public static Exploration of(
            Dataset data,
            String model,
            Function<List<String>, int[]> tokens,
            Function<List<String>, float[][]> embed,
            ReportOptions options) {
        return new TextReport(data, options).explore(model, tokens, embed);
    }

    private Exploration explore(
            String model,
            @Nullable Function<List<String>, int[]> tokens,
            @Nullable Function<List<String>, float[][]> embed) {
        boolean labelled = data.size() > 0
                && data.labelled() == data.size()
                && data.labels().size() > 1;
        var duplicates = data.duplicates();
        int[] lengths = data.texts().stream()
                .mapToInt(text -> text.codePointCount(0, text.length()))
                .toArray();
        sections.add(duplicates(duplicates.rows()));
        if (data.labelled() > 0) {
            sections.add(BalanceSection.of(ClassBalance.of(data), findings));
        }
        sections.add(LengthSection.of(data, lengths, tokens));
        if (labelled) {
            sections.add(TextSections.vocabulary(
                    LabelVocabulary.of(data, TextSections.WORDS).labels()));
        }
        sections.add(TextSections.alike(NearDuplicates.of(data.texts()), data, findings));
        sections.add(TextSections.oddities(TextOddities.of(data.texts()), data, findings));
        List<Exploration.Flagged> flagged = List.of();
        if (embed != null && data.size() >= FEWEST_POINTS) {
            var landscape = new Landscape(points(embed), options);
            sections.addAll(landscape.sections());
            flagged = landscape.flagged();
            findings.addAll(landscape.findings());
        }
        if (labelled && options.folds() > 0) {
            baselines();
        }
        int[] sorted = Arrays.stream(lengths).sorted().toArray();
        var figures = List.of(
                new Report.Figure("texts", Text.count(data.size()), ""),
                new Report.Figure(
                        "labels",
                        data.labelled() == 0 ? "none" : Text.count(data.labels().size()),
                        data.labelled() == data.size()
                                ? ""
                                : Text.count(data.size() - data.labelled()) + " texts without"),
                new Report.Figure("median length", Text.count(LengthSection.quantile(sorted, 0.5)), "characters"),
                new Report.Figure("duplicates", Text.count(duplicates.rows()), "rows"));
        return new Exploration(
                new Report(
                        data.name(),
                        Text.count(data.size(), "text", "texts")
                                + (data.labelled() > 0
                                        ? " under " + Text.count(data.labels().size(), "label", "labels")
                                        : "")
                                + (embed == null ? "" : ", placed by the embeddings of " + model),
                        figures,
                        findings,
                        sections,
                        "Made by Attune. Seed " + options.seed() + "."),
                flagged);
    }

    private Points points(Function<List<String>, float[][]> embed) {
        int[] drawn = Points.Drawing.of(data.size(), EMBEDDED, options.seed());
        var examples = Points.pick(data.examples(), drawn);
        var texts = examples.stream().map(Example::text).toList();
        return new Points(
                Arrays.asList(Rows.of(embed.apply(texts))),
                Arrays.stream(drawn).mapToObj(row -> row + 1).toList(),
                texts,
                "label",
                data.labelled() == 0
                        ? null
                        : examples.stream().map(TextReport::label).toList(),
                null);
    }

    private void baselines() {
        var some = data.size() > BASELINE_ROWS ? data.shuffled(options.seed()).limit(BASELINE_ROWS) : data;
        var rows = Labelled.texts(some);
        var baselines = BaselineSection.of(
                Baselines.texts().stream()
                        .filter(baseline -> BASELINES.contains(baseline.name()))
                        .toList(),
                rows,
                options,
                findings);
        if (baselines.isPresent()) {
            if (data.size() <= BASELINE_ROWS) {
                var noise = LabelNoise.of(rows, Baselines.TFIDF_LOGISTIC, options.folds(), options.seed());
                sections.add(TextSections.noise(noise, data.texts(), findings));
            }
            sections.add(baselines.get());
        }
    }

    static String label(Example example) {
        return example.label() == null ? "none" : example.label();
    }

    private Section duplicates(int rows) {
        var conflicts = data.duplicates().conflicts();
        if (rows > 0) {
            findings.add(new Finding(
                    Finding.Level.WARNING,
                    Text.count(rows, "row repeats", "rows repeat") + " an earlier text ("
                            + Text.share((double) rows / data.size())
                            + "): a random split of them puts the same text on both sides.",
                    "rows"));
        }
        if (!conflicts.isEmpty()) {
            findings.add(new Finding(
                    Finding.Level.WARNING,
                    Text.count(conflicts.size(), "text stands", "texts stand") + " under more than one label.",
                    "rows"));
        }
        var first = DataTable.of("First rows", "", "#row", "label", "text");
        for (int i = 0; i < Math.min(8, data.size()); i++) {
            var example = data.examples().get(i);
            first.row(Text.count(i + 1), label(example), Text.clipped(example.text(), 300));
        }
        var blocks = new ArrayList<Block>(List.of(first.build()));
        if (!conflicts.isEmpty()) {
            var table = DataTable.of("Texts under different labels", "", "labels", "text");
            conflicts.stream()
                    .limit(100)
                    .forEach(conflict ->
                            table.row(String.join(", ", conflict.labels()), Text.clipped(conflict.text(), 300)));
            blocks.add(table.build());
        }
        return new Section(
                "rows",
                "Rows",
                Text.count(rows, "row repeats", "rows repeat") + " an earlier text to the letter.",
                blocks);
    }
}
