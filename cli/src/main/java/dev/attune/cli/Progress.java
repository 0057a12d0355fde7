package dev.attune.cli;

import dev.attune.data.Split;
import dev.attune.model.LoadReport;
import dev.attune.peft.TrainableParameters;
import dev.attune.recipe.MemoryEstimate;
import dev.attune.recipe.RunListener;
import dev.attune.recipe.TimeEstimate;
import dev.attune.training.MetricsRow;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a run is: a line an epoch on standard output, and meanwhile, where a person watches, a bar on standard
 * error.
 */
final class Progress implements RunListener, AutoCloseable {
    private final Console console;
    private final Runnable stepsBegin;
    private final Line line;
    private final Set<String> fetched = new HashSet<>();
    private @Nullable ProgressBar bar;

    Progress(Console console) {
        this(console, () -> {});
    }

    /** @param stepsBegin called when the first step is about to be taken */
    Progress(Console console, Runnable stepsBegin) {
        this.console = console;
        this.stepsBegin = stepsBegin;
        this.line = new Line(console.err());
    }

    /** As {@link #fetching(String, long, long)}, of a download. */
    void fetching(URI source, long bytes, long total) {
        fetching(source.toString(), bytes, total);
    }

    @Override
    public void fetching(String what, long bytes, long total) {
        if (!console.terminal() && fetched.add(what)) {
            console.err().println("fetching " + what);
        }
        long unit = 1024;
        show("fetching " + what.substring(what.lastIndexOf('/') + 1), bytes / unit, total / unit, "KiB");
    }

    @Override
    public void preparing(String stage, long done, long total) {
        show(stage, done, total, "");
    }

    @Override
    public void fold(int fold, int folds) {
        print(() -> console.out().println("fold " + fold + " of " + folds));
    }

    @Override
    public void data(Split split) {
        var table = new Table().row("part", "rows", "labels");
        DataSplit.parts(split)
                .forEach((part, dataset) -> table.row(part, dataset.size(), Terminal.counts(dataset.counts())));
        print(() -> {
            table.print(console.out());
            console.out().println(split.leaks().summary());
            console.out().println();
        });
    }

    @Override
    public void model(Path folder, LoadReport report, TrainableParameters parameters) {
        var fresh = report.initialised();
        print(() -> {
            var out = console.out();
            out.println("model " + folder + (fresh.isEmpty() ? "" : ", new weights: " + String.join(", ", fresh)));
            out.println(parameters);
        });
    }

    @Override
    public void memory(MemoryEstimate estimate) {
        print(() -> console.out().println(estimate));
    }

    @Override
    public void time(TimeEstimate estimate) {
        print(() -> console.out().println(estimate));
    }

    @Override
    public void started(long firstStep, long totalSteps) {
        stepsBegin.run();
        show("training", firstStep, totalSteps, "");
    }

    @Override
    public void stepped(long step, long totalSteps, double loss) {
        show("training", step, totalSteps, String.format(Locale.ROOT, "loss %.4f", loss));
    }

    @Override
    public void logged(MetricsRow row) {
        if (row.trainLoss() == null || Boolean.TRUE.equals(row.sampled())) {
            return;
        }
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "epoch %.4g  step %d  train loss %.4f accuracy %.4f",
                row.epoch(),
                row.step(),
                row.trainLoss(),
                row.trainAccuracy()));
        if (row.evalLoss() != null) {
            text.append(String.format(
                    Locale.ROOT, "  validation loss %.4f accuracy %.4f", row.evalLoss(), row.evalAccuracy()));
        }
        print(() -> console.out().println(text));
    }

    /** Runs what prints to standard output, with no bar in its way. */
    private void print(Runnable output) {
        line.interrupted(() -> {
            output.run();
            console.out().flush();
        });
    }

    private void show(String task, long done, long total, String message) {
        if (!console.terminal()) {
            return;
        }
        if (bar == null || !bar.getTaskName().equals(task)) {
            finish();
            bar = ProgressBar.builder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .setConsumer(line)
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.maxHint(total);
        bar.stepTo(done);
        bar.setExtraMessage(" " + message);
    }

    @Override
    public void close() {
        finish();
    }

    /** Takes the bar away, if there is one. */
    void finish() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    /** The line on a terminal that is drawn over; the library's own would ask the terminal through native code. */
    private static final class Line implements ProgressBarConsumer {
        private static final int WIDTH = 79;

        private final PrintWriter err;
        private boolean drawn;

        Line(PrintWriter err) {
            this.err = err;
        }

        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public synchronized void accept(String rendered) {
            err.print('\r' + rendered);
            err.flush();
            drawn = true;
        }

        @Override
        public synchronized void clear() {
            accept(" ".repeat(WIDTH) + '\r');
            drawn = false;
        }

        /** Lets something else print; the next update draws the bar again below it. */
        synchronized void interrupted(Runnable output) {
            if (drawn) {
                clear();
            }
            output.run();
        }

        @Override
        public void close() {
            err.flush();
        }
    }
}
