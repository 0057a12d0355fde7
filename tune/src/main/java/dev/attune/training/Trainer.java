package dev.attune.training;

import dev.attune.files.InputException;
import dev.attune.training.Objective.Subset;
import dev.attune.training.Progress.Best;
import dev.attune.training.Progress.Tally;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The training loop, the only one: whatever is trained comes as an {@link Objective}.
 *
 * <p>A run depends on its objective, options and seed alone: order, dropout and schedule are functions of the step, so a run
 * that is stopped and resumed takes the very steps an uninterrupted one takes.
 */
public final class Trainer {
    private static final long SAVE_EVERY_NANOS = 60_000_000_000L;

    private final Objective objective;
    private final TrainingOptions options;
    private final double learningRate;
    private final Path folder;
    private final TrainingListener listener;
    private final BooleanSupplier stopRequested;
    private final Optimizer optimizer;
    private final TrainingState state;
    private final StepPlan plan;
    private final long totalSteps;

    /**
     * How a run ended.
     *
     * @param completed false where a stop was asked for; the state then waits to be resumed
     * @param bestStep the step whose parameters the model now has; null where none was chosen and it has the last ones
     */
    public record Outcome(
            boolean completed, long steps, @Nullable Long bestStep) {}

    /**
     * Prepares a run.
     *
     * @param folder the run folder: metrics.jsonl and the training state are kept there
     * @param stopRequested asked after each step; true saves the state and ends the run
     */
    public Trainer(
            Objective objective,
            TrainingOptions options,
            double learningRate,
            Path folder,
            TrainingListener listener,
            BooleanSupplier stopRequested) {
        this.objective = objective;
        this.options = options;
        this.learningRate = learningRate;
        this.folder = folder;
        this.listener = listener;
        this.stopRequested = stopRequested;
        this.optimizer = new Optimizer(objective.parameters(), options.optimizerSettings());
        this.state = new TrainingState(folder.resolve(TrainingState.FOLDER), optimizer);
        this.plan = new StepPlan(objective.lengths(), options);
        this.totalSteps = plan.totalSteps();
    }

    /**
     * Trains from the saved state where there is one, from the start otherwise. The state stays: it is the caller's to delete,
     * once the result is safe.
     */
    public Outcome run() {
        Progress progress = state.load();
        try (var log = MetricsLog.open(folder.resolve("metrics.jsonl"), progress.metricsBytes())) {
            listener.started(progress.step(), totalSteps);
            long saved = System.nanoTime();
            while (!finished(progress)) {
                var steps = plan.steps(progress.epoch());
                for (int i = progress.stepInEpoch(); i < steps.size() && progress.step() < totalSteps; i++) {
                    progress = step(progress, steps.get(i), log);
                    boolean due = options.saveSteps() > 0 && progress.step() % options.saveSteps() == 0;
                    boolean stop = stopRequested.getAsBoolean() && progress.step() < totalSteps;
                    if (due || stop || System.nanoTime() - saved > SAVE_EVERY_NANOS) {
                        save(progress, log);
                        saved = System.nanoTime();
                    }
                    if (stop) {
                        return new Outcome(false, progress.step(), null);
                    }
                }
                progress = endEpoch(progress, log);
                save(progress, log);
            }
        }
        if (progress.best() != null) {
            state.restoreBest(progress.best().step());
        }
        objective.complete();
        return new Outcome(
                true,
                progress.step(),
                progress.best() == null ? null : progress.best().step());
    }

    /** The last epoch is over only when it is scored: a run may have been killed between its last step and that. */
    private boolean finished(Progress progress) {
        if (progress.stepInEpoch() > 0) {
            return false;
        }
        return progress.step() >= totalSteps || exhausted(progress);
    }

    /** The log first: a state that names more of it than the disk holds could not be resumed. */
    private void save(Progress progress, MetricsLog log) {
        log.force();
        state.save(progress);
    }

    private boolean exhausted(Progress progress) {
        return options.earlyStoppingPatience() > 0 && progress.epochsSinceBest() >= options.earlyStoppingPatience();
    }

    private Progress step(Progress before, List<int[]> batches, MetricsLog log) {
        int warmup =
                options.warmupSteps() > 0 ? options.warmupSteps() : (int) Math.ceil(options.warmupRatio() * totalSteps);
        double rate = learningRate * options.lrScheduler().factor(before.step(), warmup, totalSteps);
        var update = update(batches, rate, before.step());
        long step = before.step() + 1;
        Tally tally = before.sinceLog().plus(update.loss(), update.correct(), update.units());
        listener.stepped(step, totalSteps, update.loss() / update.units());
        if (step % options.loggingSteps() == 0 || step == totalSteps) {
            append(
                    log,
                    MetricsRow.training(
                            step, epochs(step), tally.meanLoss(), tally.accuracy(), rate, update.gradientNorm()));
            tally = new Tally(0, 0, 0);
        }
        if (options.evalSteps() > 0 && step % options.evalSteps() == 0) {
            append(log, evaluate(step, options.evalBatches()));
        }
        return new Progress(
                before.epoch(),
                before.stepInEpoch() + 1,
                step,
                tally,
                before.best(),
                before.epochsSinceBest(),
                log.bytes());
    }

    private record Update(double loss, long correct, long units, double gradientNorm) {}

    @SuppressWarnings("try") // the scope frees the step's tensors
    private Update update(List<int[]> batches, double rate, long step) {
        try (var scope = new PointerScope()) {
            torch.manual_seed(options.seed() * 1_000_003 + step); // dropout depends on the step alone
            optimizer.zeroGradients();
            long units = batches.stream().mapToLong(objective::units).sum();
            double loss = 0;
            long correct = 0;
            for (int[] batch : batches) {
                for (int[] part : plan.parts(batch)) {
                    try (var partScope = new PointerScope()) {
                        var result = objective.loss(part);
                        result.sum().div(new Scalar((double) units)).backward();
                        loss += result.sum().item_double();
                        correct += result.correct();
                    }
                }
            }
            double norm = optimizer.clipGradients(options.maxGradNorm());
            requireFinite("loss", loss, step + 1, rate);
            requireFinite("gradients' norm", norm, step + 1, rate);
            optimizer.step(rate);
            optimizer.zeroGradients();
            return new Update(loss, correct, units, norm);
        }
    }

    /** Asked before the parameters change, so that no state is saved that every further step fails from. */
    private static void requireFinite(String what, double value, long step, double rate) {
        if (!Double.isFinite(value)) {
            throw new InputException("The " + what + " became " + value + " at step " + step + " (learning rate " + rate
                    + "). Lower --learning-rate or add --warmup-ratio; the training state before it is kept.");
        }
    }

    private Progress endEpoch(Progress before, MetricsLog log) {
        var row = evaluate(before.step(), 0);
        append(log, row);
        Best best = before.best();
        int since = before.epochsSinceBest();
        if (row.evalAccuracy() != null && row.evalLoss() != null) {
            var candidate = new Best(before.step(), row.evalAccuracy(), row.evalLoss());
            if (candidate.beats(best)) {
                state.saveBest(candidate.step());
                best = candidate;
                since = 0;
            } else {
                since++;
            }
        }
        return new Progress(before.epoch() + 1, 0, before.step(), before.sinceLog(), best, since, log.bytes());
    }

    /** Scores samples of both parts, or, with {@code batches} 0, all of the validation part beside a training sample. */
    private MetricsRow evaluate(long step, int batches) {
        var train = objective.evaluate(Subset.TRAIN, options.evalBatches());
        var validation = objective.hasValidation() ? objective.evaluate(Subset.VALIDATION, batches) : null;
        return MetricsRow.evaluation(step, epochs(step), train, validation, batches > 0);
    }

    private void append(MetricsLog log, MetricsRow row) {
        log.append(row);
        listener.logged(row);
    }

    private double epochs(long step) {
        return (double) step / plan.stepsPerEpoch();
    }
}
