package dev.attune.cli;

import dev.attune.classifier.Prediction;
import dev.attune.classifier.TextClassifier;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Sources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
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
            "Prints text, label and probability, with tabs between them; with --json an object a line."
        },
        footer = {
            "",
            "Examples:",
            "  attune classify runs/spam \"You are a winner! Claim your $2000 reward\"",
            "  attune classify runs/spam --data mails.csv --text-column subject,body --json > labels.jsonl",
            "  tail -f inbox.txt | attune classify runs/spam"
        })
final class ClassifyCommand implements Callable<Integer>, LateOptions {
    /** Lines that are waiting already go through the model together, up to so many. */
    private static final int BATCH = 64;

    /** A text stays one row in, one row out; its label, if it has one, is not looked at. */
    private static final Set<String> NOT_HERE = Set.of("label-column", "empty-text", "label-names");

    private final Console console;

    @Mixin
    private final LoadedModel model = new LoadedModel();

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "Texts (default: lines of standard input).")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--json", description = "Print one JSON object a line: text, label, probability, probabilities.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ClassifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public void addOptions(CommandSpec command) {
        RecipeFlags.addTo(
                command,
                option -> option.name().equals("data")
                        || (DataDescribe.reads(option) && !NOT_HERE.contains(option.name())));
    }

    @Override
    public Integer call() {
        var given = RecipeFlags.given(spec);
        if (!texts.isEmpty() && !given.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "texts are given both as arguments and as --data");
        }
        try (var progress = new Progress(console);
                var classifier = model.load(progress)) {
            if (given.containsKey("data")) {
                var data = RecipeFlags.overlay(Recipe.defaults().with(Map.of("empty-text", "keep")), spec)
                        .data();
                for (var part : Sources.parts(data, progress).values()) {
                    classifyAll(classifier, part.texts());
                }
            } else if (texts.isEmpty()) {
                classifyLines(classifier);
            } else {
                classifyAll(classifier, texts);
            }
        }
        return 0;
    }

    private void classifyAll(TextClassifier classifier, List<String> all) {
        for (int start = 0; start < all.size(); start += BATCH) {
            if (!print(classifier.classify(all.subList(start, Math.min(all.size(), start + BATCH))))) {
                return;
            }
        }
    }

    /** Answers each line as soon as it is there. */
    private void classifyLines(TextClassifier classifier) {
        var in = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        try {
            String line = in.readLine();
            while (line != null) {
                var batch = new ArrayList<String>();
                while (line != null) {
                    batch.add(line);
                    if (batch.size() == BATCH || !in.ready()) {
                        break;
                    }
                    line = in.readLine();
                }
                if (!print(classifier.classify(batch)) || line == null) {
                    return;
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read standard input: " + e.getMessage(), e);
        }
    }

    /** Whether somebody still reads what is printed. */
    private boolean print(List<Prediction> predictions) {
        var out = console.out();
        for (Prediction prediction : predictions) {
            if (json) {
                Json.println(out, asMap(prediction));
            } else {
                out.println(String.join(
                        "\t",
                        Terminal.oneLine(prediction.text()),
                        prediction.label(),
                        String.format(Locale.ROOT, "%.4f", prediction.probability())));
            }
        }
        return !out.checkError();
    }

    private static Map<String, Object> asMap(Prediction prediction) {
        var probabilities = new LinkedHashMap<String, Double>();
        for (int i = 0; i < prediction.labels().size(); i++) {
            probabilities.put(
                    prediction.labels().name(i), prediction.probabilities().get(i));
        }
        var map = new LinkedHashMap<String, Object>();
        map.put("text", prediction.text());
        map.put("label", prediction.label());
        map.put("probability", prediction.probability());
        map.put("probabilities", probabilities);
        return map;
    }
}
