import dev.attune.classifier.TextClassifier;
import dev.attune.generation.GenerationListener;
import dev.attune.generation.GenerationOptions;
import dev.attune.generation.TextGenerator;
import dev.attune.model.Quantization;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Classifies texts, generates 128 tokens for each of some prompts, or multiplies matrices, and prints one line of JSON: rows, tokens
 * or 10⁹ multiplications and additions a second, and the peak resident memory in MiB; of
 * classification also what is resident when all is classified.
 *
 * <p>Arguments: {@code classify MODEL DTYPE TEXTS.txt [INT8]}, {@code generate MODEL DTYPE PROMPTS}, or {@code peak - DTYPE ROWS}.
 */
final class Inference {
    private static final String PROMPT = "The history of the printing press begins in";

    public static void main(String[] arguments) throws Exception {
        Path model = Path.of(arguments[1]);
        Dtype dtype = Dtype.valueOf(arguments[2]);
        var quantization = arguments.length > 4 ? Quantization.valueOf(arguments[4]) : Quantization.NONE;
        String figure =
                switch (arguments[0]) {
                    case "classify" -> classify(model, dtype, quantization, Files.readAllLines(Path.of(arguments[3])));
                    case "generate" -> generate(model, dtype, Integer.parseInt(arguments[3]));
                    case "peak" -> peak(dtype, Integer.parseInt(arguments[3]));
                    default -> throw new IllegalArgumentException(arguments[0]);
                };
        System.out.println("{" + figure + ",\"peak_mib\":" + memory("VmHWM") + "}");
    }

    /** A figure of /proc/self/status in MiB. */
    private static long memory(String name) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(each -> each.startsWith(name + ":"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
    }

    private static String classify(Path model, Dtype dtype, Quantization quantization, List<String> texts)
            throws IOException {
        try (var classifier = TextClassifier.load(model, dtype, quantization, Device.CPU)) {
            classifier.probabilities(texts.subList(0, Math.min(64, texts.size()))); // warms up
            long started = System.nanoTime();
            classifier.probabilities(texts);
            return perSecond("rows", texts.size(), started) + ",\"resident_mib\":" + memory("VmRSS");
        }
    }

    private static String generate(Path model, Dtype dtype, int count) {
        var prompts = IntStream.range(0, count)
                .mapToObj(i -> PROMPT + " " + (1440 + i))
                .toList();
        try (var generator = TextGenerator.load(model, dtype, Device.CPU)) {
            generator.generate(prompts, GenerationOptions.greedy().withMaxNewTokens(8), GenerationListener.NONE);
            long started = System.nanoTime();
            var texts = generator.generate(prompts, GenerationOptions.greedy().withMaxNewTokens(128), GenerationListener.NONE);
            return perSecond(
                    "tokens",
                    texts.stream().mapToInt(text -> text.ids().size()).sum(),
                    started);
        }
    }

    /** The best of some products of (rows, 768) and (3072, 768). */
    private static String peak(Dtype dtype, long rows) {
        double best = 0;
        try (var scope = new PointerScope();
                var inference = new InferenceMode()) {
            Tensor x = torch.ones(rows, 768).to(dtype.scalarType());
            Tensor weight = torch.ones(3072, 768).to(dtype.scalarType());
            for (int i = 0; i < 100; i++) {
                long started = System.nanoTime();
                torch.linear(x, weight).close();
                best = Math.max(best, 2.0 * rows * 768 * 3072 / (System.nanoTime() - started));
            }
        }
        return String.format(Locale.ROOT, "\"gflops_per_second\":%.0f", best);
    }

    private static String perSecond(String what, int count, long started) {
        return String.format(
                Locale.ROOT, "\"%s_per_second\":%.2f", what, count / ((System.nanoTime() - started) / 1e9));
    }
}
