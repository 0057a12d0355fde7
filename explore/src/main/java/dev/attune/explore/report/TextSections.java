package dev.attune.explore.report;

import dev.attune.data.Dataset;
import dev.attune.explore.text.LabelNoise;
import dev.attune.explore.text.LabelVocabulary;
import dev.attune.explore.text.NearDuplicates;
import dev.attune.explore.text.TextLengths;
import dev.attune.explore.text.TextOddities;
import java.util.ArrayList;
import java.util.List;

/** What texts are like, of the records of {@code explore.text}. */
final class TextSections {
    static final int WORDS = 12;
    private static final int VOCABULARIES = 6;
    private static final int LISTED = 100;

    private TextSections() {}

    /** The words of each label; of many labels a table. */
    static Section vocabulary(List<LabelVocabulary.OfLabel> labels) {
        var blocks = new ArrayList<Block>();
        if (labels.size() <= VOCABULARIES) {
            for (int i = 0; i < labels.size(); i++) {
                var words = labels.get(i).words();
                if (!words.isEmpty()) {
                    blocks.add(new Bars(
                            "vocabulary-" + (i + 1),
                            labels.get(i).label(),
                            "Most telling: "
                                    + String.join(
                                            ", ",
                                            words.stream()
                                                    .limit(3)
                                                    .map(LabelVocabulary.Word::word)
                                                    .toList())
                                    + ".",
                            "word",
                            "z",
                            words.stream().map(LabelVocabulary.Word::word).toList(),
                            List.of(new Bars.Series(
                                    "z",
                                    words.stream().map(LabelVocabulary.Word::z).toList())),
                            true,
                            false));
                }
            }
        } else {
            var table = DataTable.of("Words", "", "label", "words");
            labels.forEach(label -> table.row(
                    label.label(),
                    String.join(
                            ", ",
                            label.words().stream()
                                    .map(LabelVocabulary.Word::word)
                                    .toList())));
            blocks.add(table.build());
        }
        return new Section(
                "vocabulary",
                "Vocabulary",
                "The words that tell a label from the others: log-odds ratios with a prior, over their standard deviation "
                        + "(z). Beyond 1.96 it is hardly chance.",
                blocks);
    }

    static DataTable cuts(TextLengths lengths) {
        var table = DataTable.of(
                "What a maximum length in " + lengths.unit() + " costs",
                "Padding by length: batches of " + TextLengths.BATCH + " of like length.",
                "#max length",
                "#texts cut",
                "#lost",
                "#padding, fixed",
                "#padding, by length");
        lengths.cuts()
                .forEach(cut -> table.row(
                        Text.count(cut.maxLength()),
                        Text.count(cut.textsCut()),
                        Text.share(cut.lost()),
                        Text.share(cut.paddedFixed()),
                        Text.share(cut.paddedByLength())));
        return table.build();
    }

    static Section alike(NearDuplicates alike, Dataset data, List<Finding> findings) {
        var table = DataTable.of("Groups", "The largest first.", "#rows", "#similarity", "labels", "first text");
        var examples = data.examples();
        alike.groups().stream()
                .limit(LISTED)
                .forEach(group -> table.row(
                        Text.count(group.rows().size()),
                        Text.metric(group.similarity()),
                        String.join(
                                ", ",
                                group.rows().stream()
                                        .map(row -> TextReport.label(examples.get(row)))
                                        .distinct()
                                        .toList()),
                        Text.clipped(examples.get(group.rows().get(0)).text(), 240)));
        if (alike.repeated() > 0) {
            findings.add(new Finding(
                    Finding.Level.NOTE,
                    Text.count(alike.repeated(), "row is", "rows are")
                            + " the same as or nearly like an earlier one (similarity " + alike.threshold()
                            + " and more).",
                    "alike"));
        }
        return new Section(
                "alike",
                "Near duplicates",
                Text.count(alike.groups().size(), "group", "groups")
                        + " of texts whose runs of five characters overlap by " + Text.share(alike.threshold())
                        + " and more.",
                alike.groups().isEmpty() ? List.of() : List.of(table.build()));
    }

    static Section oddities(TextOddities oddities, Dataset data, List<Finding> findings) {
        var table = DataTable.of("Oddities", "", "#rows", "what", "for example");
        for (var oddity : oddities.found()) {
            String what = oddity.kind().description();
            table.row(
                    Text.count(oddity.rows().size()),
                    what,
                    Text.clipped(data.examples().get(oddity.rows().get(0)).text(), 160));
            if (oddity.kind() == TextOddities.Kind.MOJIBAKE || oddity.kind() == TextOddities.Kind.REPLACED) {
                findings.add(new Finding(
                        Finding.Level.WARNING,
                        Text.count(oddity.rows().size(), "text has", "texts have")
                                + " characters that were read in a wrong encoding.",
                        "oddities"));
            }
        }
        return new Section(
                "oddities",
                "Oddities",
                oddities.found().isEmpty() ? "No text looks damaged." : "Texts that look damaged, or unlike the rest.",
                oddities.found().isEmpty() ? List.of() : List.of(table.build()));
    }

    static Section noise(LabelNoise noise, List<String> texts, List<Finding> findings) {
        int candidates = noise.candidates().size();
        var table = DataTable.of("Candidates", "The surest first.", "#row", "label", "rather", "#probability", "text");
        noise.candidates().stream()
                .limit(LISTED)
                .forEach(c -> table.row(
                        Text.count(c.row() + 1),
                        c.label(),
                        c.suggested(),
                        Text.share(c.suggestedProbability()),
                        Text.clipped(texts.get(c.row()), 300)));
        if (candidates > 0) {
            findings.add(new Finding(
                    Finding.Level.NOTE,
                    Text.count(candidates, "label", "labels")
                            + " may be wrong: models that have not seen the rows are sure of another.",
                    "label-noise"));
        }
        return new Section(
                "label-noise",
                "Labels that may be wrong",
                Text.count(candidates, "row", "rows")
                        + " by confident learning on the cross-validated probabilities of TF-IDF"
                        + " with logistic regression"
                        + (candidates > LISTED ? ", the first " + LISTED + " here." : "."),
                candidates == 0 ? List.of() : List.of(table.build()));
    }
}
