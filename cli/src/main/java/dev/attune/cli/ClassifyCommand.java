package dev.attune.cli;

import dev.attune.classifier.Prediction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
        InputTexts.addOptions(command);
    }

    @Override
    public Integer call() {
        var input = new InputTexts(spec, console, texts);
        try (var progress = new Progress(console);
                var classifier = model.load(progress)) {
            input.inBatches(progress, batch -> print(classifier.classify(batch)));
        }
        return 0;
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
