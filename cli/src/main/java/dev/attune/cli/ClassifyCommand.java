package dev.attune.cli;

import dev.attune.classifier.TextClassifier;
import dev.attune.model.Quantization;
import dev.attune.recipe.DataOptions;
import dev.attune.recipe.Sources;
import dev.attune.recipe.WrittenAnswer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune classify}: texts in, labels out. */
@Command(
        name = "classify",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "Classify texts: arguments, a file, or standard input line by line.",
            "",
            "Prints text, label and probability, with tabs between them; with --json an object a line. With --out, a file of labels "
                    + "is written instead, a row for each row of --data; of a known data set, for its unlabelled part where it "
                    + "has one.",
            "",
            "A model that answers with labels' words is asked for the likeliest of them; with --answer generate it writes its "
                    + "answer, which is printed in the probability's place. An answer that begins with no label's word gets "
                    + "none: (no label), null in JSON, an empty field in CSV."
        },
        footer = {
            "",
            "Examples:",
            "  attune classify runs/spam \"You are a winner! Claim your $2000 reward\"",
            "  attune classify runs/spam --data mails.csv --text-column subject,body --json > labels.jsonl",
            "  attune classify runs/complaints --data twitter-complaints --out predictions.csv",
            "  attune classify runs/complaints \"My parcel never came\" --answer generate",
            "  tail -f inbox.txt | attune classify runs/spam"
        })
final class ClassifyCommand implements Callable<Integer>, LateOptions {
    /** So many rows are sorted by length together. */
    private static final int BATCH = 512;
    /** So many answers that are no label are shown. */
    private static final int SHOWN = 5;

    private static final int WIDTH = 40;

    /** How labels are had. */
    enum Way {
        SCORES,
        GENERATE
    }

    private final Console console;

    @Mixin
    private final LoadedModel model = new LoadedModel();

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "Texts (default: lines of standard input).")
    private List<String> texts = new ArrayList<>();

    @Option(
            names = "--answer",
            paramLabel = "WAY",
            description = "scores: the likeliest label (default). generate: the label that the model writes.")
    private Way answer = Way.SCORES;

    @Option(
            names = "--quantize",
            paramLabel = "WAY",
            description = "int8: the blocks' weights in 8 bits, for less memory (default: none).")
    private Quantization quantization = Quantization.NONE;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object a line: text, label, probability, probabilities, or what was generated.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the labels of --data's rows, in their order: .csv, or .jsonl with what they rest on.")
    private @Nullable Path out;

    @Option(
            names = "--id-column",
            paramLabel = "COLUMN",
            description =
                    "For --out: column of --data that tells the rows apart (default: a known set's own, else the text).")
    private @Nullable String idColumn;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "For --out: what the column of labels is called (default: as in the data, else label).")
    private @Nullable String labelColumn;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ClassifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public void addOptions(CommandSpec command) {
        InputTexts.addOptions(command);
    }

    @Override
    public Integer call() {
        var input = new InputTexts(spec, console, texts);
        if (out != null) {
            requireFileAndData(out);
        } else if (idColumn != null || labelColumn != null) {
            throw new ParameterException(spec.commandLine(), "--id-column and --label-column go with --out");
        }
        try (var progress = new Progress(console);
                var classifier = model.load(progress, quantization)) {
            var answers = answers(classifier);
            if (out != null) {
                write(out, answers, input.dataOptions(), progress);
                return 0;
            }
            input.inBatches(progress, batch -> print(answers.apply(batch)));
        }
        return 0;
    }

    /** From texts to answers, in their order. */
    private Function<List<String>, List<Answer>> answers(TextClassifier classifier) {
        if (answer == Way.SCORES) {
            return texts -> classifier.classify(texts).stream().map(Answer::of).toList();
        }
        var writer = WrittenAnswer.by(classifier);
        return texts -> {
            var written = writer.apply(texts);
            return IntStream.range(0, texts.size())
                    .mapToObj(i -> Answer.of(texts.get(i), written.get(i)))
                    .toList();
        };
    }

    private void requireFileAndData(Path file) {
        if (json || !RecipeFlags.given(spec).containsKey("data")) {
            throw new ParameterException(
                    spec.commandLine(), json ? "--out takes no --json; name a .jsonl file" : "--out goes with --data");
        }
        PredictionFile.requireKnown(file);
    }

    private void write(
            Path file, Function<List<String>, List<Answer>> classifier, DataOptions data, Progress progress) {
        var parts = Sources.toPredict(data, progress);
        String id =
                idColumn != null ? idColumn : Sources.idColumn(data, progress).orElse(null);
        var ids = new ArrayList<String>();
        var rows = new ArrayList<String>();
        parts.forEach((part, rowsOfPart) -> {
            rows.addAll(rowsOfPart.texts());
            ids.addAll(id == null ? rowsOfPart.texts() : Sources.column(data, part, id, progress));
        });
        String label = labelColumn != null
                ? labelColumn
                : Sources.labelColumn(data, progress).orElse("label");
        var predictions = new ArrayList<Answer>(rows.size());
        for (int from = 0; from < rows.size(); from += BATCH) {
            progress.preparing("classifying", from, rows.size());
            predictions.addAll(classifier.apply(rows.subList(from, Math.min(rows.size(), from + BATCH))));
        }
        new PredictionFile(id == null ? "text" : id, label, ids, predictions).write(file);
        progress.finish();
        console.out().println(predictions.size() + " rows in " + file);
        var unmatched = predictions.stream().filter(row -> row.label() == null).toList();
        if (!unmatched.isEmpty()) {
            console.out()
                    .println(unmatched.size() + " of them have no label, because what was written is none, such as: "
                            + unmatched.stream()
                                    .limit(SHOWN)
                                    .map(row -> "'" + Terminal.oneLine(row.grounds(), WIDTH) + "'")
                                    .collect(Collectors.joining(", ")));
        }
    }

    /** Whether somebody still reads what is printed. */
    private boolean print(List<Answer> answers) {
        var out = console.out();
        for (Answer answer : answers) {
            if (json) {
                Json.println(out, asMap(answer));
            } else {
                out.println(answer.line());
            }
        }
        return !out.checkError();
    }

    private static Map<String, Object> asMap(Answer answer) {
        var map = new LinkedHashMap<String, Object>();
        map.put("text", answer.text());
        map.put("label", answer.label());
        map.putAll(answer.details());
        return map;
    }
}
