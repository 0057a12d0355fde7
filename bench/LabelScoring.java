import dev.attune.classifier.TextClassifier;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.RunListener;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;

/**
 * Scores texts against all labels of a prompt-tuned model and prints one line of JSON: rows, seconds, the label each of the first
 * 100 gets, the peak resident memory. The model is tuned for one step first, so that there is an adapter that peft loads too.
 *
 * <p>Arguments: texts (a file, a text a line), run folder, then a recipe's options in pairs.
 */
final class LabelScoring {
    public static void main(String[] arguments) throws Exception {
        List<String> texts = Files.readAllLines(Path.of(arguments[0]));
        Path run = Path.of(arguments[1]);
        var options = new HashMap<String, Object>();
        for (int i = 2; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        if (!Files.exists(run.resolve("adapter_config.json"))) {
            Run.train(Recipe.defaults().with(options), run, RunListener.NONE, () -> false);
        }
        Dtype dtype = "bfloat16".equals(options.get("dtype")) ? Dtype.BF16 : Dtype.F32;
        try (var classifier = TextClassifier.load(run, dtype, Device.CPU)) {
            classifier.probabilities(texts.subList(0, Math.min(64, texts.size()))); // warms up
            long started = System.nanoTime();
            double[][] scores = classifier.probabilities(texts);
            double seconds = (System.nanoTime() - started) / 1e9;
            var chosen = new StringBuilder();
            for (int i = 0; i < Math.min(100, scores.length); i++) {
                int best = 0;
                for (int label = 1; label < scores[i].length; label++) {
                    best = scores[i][label] > scores[i][best] ? label : best;
                }
                chosen.append(i > 0 ? "," : "").append(best);
            }
            System.out.println(String.format(
                    Locale.ROOT,
                    "{\"rows\":%d,\"labels\":%d,\"seconds\":%.2f,\"chosen\":[%s],\"peak_mib\":%d}",
                    texts.size(),
                    scores[0].length,
                    seconds,
                    chosen,
                    peakMib()));
        }
    }

    private static long peakMib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
                .findFirst()
                .orElseThrow();
    }
}
