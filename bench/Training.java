import dev.attune.model.LoadReport;
import dev.attune.peft.TrainableParameters;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.RunListener;
import dev.attune.training.MetricsRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;

/**
 * Runs a recipe and prints one line of JSON: seconds from the loaded model to the end of each epoch with its validation accuracy, the time of each step in milliseconds, the losses and the peak resident memory in
 * MiB. Arguments: a recipe and a folder to run in, then options in pairs (epochs 2).
 */
final class Training {
    public static void main(String[] arguments) throws Exception {
        var options = new HashMap<String, Object>();
        for (int i = 2; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        var progress = new Progress();
        var sizes = new Sizes();
        sizes.setDaemon(true);
        sizes.start();
        Run.train(Recipe.read(Path.of(arguments[0])).with(options), Path.of(arguments[1]), progress, () -> false);
        System.out.println("{\"epochs\":[" + progress.epochs + "],\"ms\":["
                + progress.times + "],\"losses\":[" + progress.losses + "],\"peak_mib\":" + Sizes.mib("VmHWM:")
                + ",\"peak_anonymous_mib\":" + sizes.anonymous + ",\"peak_mapped_mib\":" + sizes.mapped + "}");
    }

    private static final class Progress implements RunListener {
        private final StringBuilder times = new StringBuilder();
        private final StringBuilder losses = new StringBuilder();
        private final StringBuilder epochs = new StringBuilder();
        private long modelLoaded;
        private long last;

        @Override
        public void model(
                Path folder, LoadReport report, TrainableParameters parameters) {
            modelLoaded = System.nanoTime();
        }

        @Override
        public void started(long firstStep, long totalSteps) {
            last = System.nanoTime();
        }

        @Override
        public void stepped(long step, long totalSteps, double loss) {
            long now = System.nanoTime();
            times.append(step > 1 ? "," : "").append(String.format(Locale.ROOT, "%.1f", (now - last) / 1e6));
            losses.append(step > 1 ? "," : "").append(String.format(Locale.ROOT, "%.4f", loss));
            last = now;
        }

        @Override
        public void logged(MetricsRow row) {
            last = System.nanoTime(); // an evaluation is over: it is no part of a step, here as in the peers
            if (row.evalAccuracy() != null && row.epoch() == Math.rint(row.epoch())) {
                epochs.append(epochs.isEmpty() ? "" : ",")
                        .append(String.format(
                                Locale.ROOT,
                                "{\"seconds\":%.2f,\"accuracy\":%.4f}",
                                (last - modelLoaded) / 1e9,
                                row.evalAccuracy()));
            }
        }
    }

    /** Looks at the process's size all the time: memory of its own, and pages of files. */
    private static final class Sizes extends Thread {
        private volatile long anonymous;
        private volatile long mapped;

        @Override
        public void run() {
            try {
                while (true) {
                    anonymous = Math.max(anonymous, mib("RssAnon:"));
                    mapped = Math.max(mapped, mib("RssFile:"));
                    Thread.sleep(20);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        static long mib(String field) throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
