package dev.attune.training;

import dev.attune.classifier.EncodedDataset;
import dev.attune.training.Objective.Subset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;

/**
 * What a run will take, in seconds, told before it starts. Some of its passes of every kind are made and timed; a cost fitted to
 * them is summed over all passes that the run would make. Nothing that is trained changes: gradients are computed and forgotten,
 * and the optimizer's step has a learning rate of 0.
 *
 * @param preparation before the first step, once
 * @param steps how many optimizer steps, unless training stops early
 * @param wholeEpochs that they are; 0 where the last one is not taken to its end
 * @param stepping in all steps
 * @param evaluation in all evaluations
 * @param test of the tuned model
 */
public record Rehearsal(
        double preparation, long steps, int wholeEpochs, double stepping, double evaluation, double test) {
    /** Passes of one kind are made, untimed, for so long: compilers and kernels begin slowly. */
    private static final double WARM_UP = 0.25;

    /** And then timed for so long; one at the least. */
    private static final double TIMED = 0.75;

    /** Most passes of either. */
    private static final int PASSES = 50;

    /**
     * Rehearses a run.
     *
     * @param objective whose passes are the run's
     * @param test as the objective's texts are encoded; may be empty
     */
    public static Rehearsal of(PlannedObjective objective, TrainingOptions options, EncodedDataset test) {
        return of(objective, options, test, System::nanoTime);
    }

    @SuppressWarnings("try") // the scope frees the optimizer's state and what scoring was made ready with
    static Rehearsal of(
            PlannedObjective objective, TrainingOptions options, EncodedDataset test, LongSupplier nanoTime) {
        var watch = new Watch(nanoTime);
        try (var scope = new PointerScope()) {
            var preparation = objective.preparation();
            double prepared = watch.cost(preparation).seconds(preparation);
            var plan = new StepPlan(objective.lengths(), options);
            double stepping = stepping(objective, plan, options, watch);
            var scoring = objective.scoring();
            var epoch = new ArrayList<>(scoring.evaluation(Subset.TRAIN, options.evalBatches()));
            var sample = new ArrayList<>(epoch);
            if (objective.hasValidation()) {
                epoch.addAll(scoring.evaluation(Subset.VALIDATION, 0));
                sample.addAll(scoring.evaluation(Subset.VALIDATION, options.evalBatches()));
            }
            var tests = scoring.test(test);
            // Without a trunk that was run before, an evaluation goes the whole way, as a test does.
            var evaluating = watch.cost(preparation.isEmpty() ? both(epoch, tests) : epoch);
            var testing = preparation.isEmpty() ? evaluating : watch.cost(tests);
            long samples = options.evalSteps() > 0 ? plan.totalSteps() / options.evalSteps() : 0;
            return new Rehearsal(
                    prepared,
                    plan.totalSteps(),
                    plan.totalSteps() == plan.epochs() * plan.stepsPerEpoch() ? plan.epochs() : 0,
                    stepping,
                    plan.epochs() * evaluating.seconds(epoch) + samples * evaluating.seconds(sample),
                    testing.seconds(tests));
        }
    }

    private static List<Pass> both(List<Pass> some, List<Pass> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private static double stepping(PlannedObjective objective, StepPlan plan, TrainingOptions options, Watch watch) {
        var optimizer = new Optimizer(objective.parameters(), options.optimizerSettings());
        var first = plan.steps(0).stream()
                .flatMap(List::stream)
                .flatMap(batch -> plan.parts(batch).stream())
                .map(part -> new Pass(part.length, plan.width(part), () -> backward(objective, part, optimizer)))
                .toList();
        var passing = watch.cost(first);
        var updating = watch.cost(List.of(new Pass(1, 1, () -> {
            optimizer.clipGradients(options.maxGradNorm());
            optimizer.step(0);
        })));
        optimizer.zeroGradients();
        double seconds = 0;
        long left = plan.totalSteps();
        for (int epoch = 0; epoch < plan.epochs(); epoch++) {
            var steps = plan.steps(epoch);
            for (int i = 0; i < steps.size() && left > 0; i++, left--) {
                seconds += updating.seconds(1, 1);
                for (int[] batch : steps.get(i)) {
                    for (int[] part : plan.parts(batch)) {
                        seconds += passing.seconds(part.length, plan.width(part));
                    }
                }
            }
        }
        return seconds;
    }

    @SuppressWarnings("try") // the scope frees the pass's tensors
    private static void backward(Objective objective, int[] part, Optimizer optimizer) {
        try (var scope = new PointerScope()) {
            optimizer.zeroGradients();
            var loss = objective.loss(part);
            loss.sum().div(new Scalar((double) objective.units(part))).backward();
            loss.sum().item_double();
        }
    }

    /** Makes passes and times them. */
    private record Watch(LongSupplier nanoTime) {
        /** The cost of passes of one kind, from some of them: the middle one by its tokens first, then ever finer between. */
        PassCost cost(List<Pass> passes) {
            if (passes.isEmpty()) {
                return PassCost.NOTHING;
            }
            var bySize = passes.stream()
                    .sorted(Comparator.comparingLong((Pass pass) -> (long) pass.rows() * pass.width())
                            .thenComparing(Pass::width))
                    .toList();
            long begun = nanoTime.getAsLong();
            bySize.get(0).run().run(); // of a large model the least is enough
            for (int i = 1; i < PASSES && since(begun) < WARM_UP; i++) {
                between(bySize, i).run().run();
            }
            var timed = new ArrayList<PassCost.Timed>();
            begun = nanoTime.getAsLong();
            for (int i = 1; i == 1 || (i <= PASSES && since(begun) < TIMED); i++) {
                var pass = between(bySize, i);
                long before = nanoTime.getAsLong();
                pass.run().run();
                timed.add(new PassCost.Timed(pass.rows(), pass.width(), since(before)));
            }
            return PassCost.fit(timed);
        }

        private double since(long nanos) {
            return (nanoTime.getAsLong() - nanos) / 1e9;
        }

        /** For i from 1: at 1/2, 1/4, 3/4, 1/8, 5/8 … of the list, which is i with its binary digits turned about the point. */
        private static Pass between(List<Pass> sorted, int i) {
            double place = (Integer.reverse(i) >>> 1) / (double) (1L << 31);
            return sorted.get((int) (place * sorted.size()));
        }
    }
}
