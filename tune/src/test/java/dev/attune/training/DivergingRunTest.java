package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import dev.attune.recipe.Recipe;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivergingRunTest {
    @TempDir
    Path folder;

    @Test
    void aLossThatIsNoNumberEndsTheRunAndKeepsTheStateBefore() {
        assertThatThrownBy(() -> run(new OneWeight(3, loss -> loss.mul(new Scalar(Double.NaN)))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("The loss became NaN at step 3")
                .hasMessageContaining("--learning-rate");
        assertGoesOnFromStep2();
    }

    @Test
    void anInfiniteGradientDoesNotSpoilTheStateThatIsKept() {
        // The root of 0 is finite, its slope is not.
        assertThatThrownBy(() ->
                        run(new OneWeight(3, loss -> loss.sub(loss.detach()).sqrt())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at step 3");
        assertGoesOnFromStep2();
    }

    private void assertGoesOnFromStep2() {
        assertThat(TrainingState.existsIn(folder)).isTrue();
        var healthy = new OneWeight(0, loss -> loss);
        assertThat(run(healthy).steps()).isEqualTo(6);
        assertThat(healthy.calls).isEqualTo(4); // steps 3 to 6
        assertThat(Tensors.toFloats(healthy.weight)[0]).isFinite();
    }

    private Trainer.Outcome run(Objective objective) {
        var options = Recipe.defaults()
                .with(Map.of("epochs", 3, "batch-size", 1, "save-steps", 1))
                .training();
        return new Trainer(objective, options, 0.1, folder, TrainingListener.NONE, () -> false).run();
    }

    /** Two examples, one weight; the loss of one call is something else. */
    private static final class OneWeight implements Objective {
        private final Tensor weight = Tensors.of(new float[] {1}).requires_grad_(true);
        private final int failing;
        private final UnaryOperator<Tensor> failure;
        private int calls;

        OneWeight(int failing, UnaryOperator<Tensor> failure) {
            this.failing = failing;
            this.failure = failure;
        }

        @Override
        public Map<String, Tensor> parameters() {
            return Map.of("weight", weight);
        }

        @Override
        public int[] lengths() {
            return new int[] {1, 1};
        }

        @Override
        public int units(int[] batch) {
            return batch.length;
        }

        @Override
        public BatchLoss loss(int[] batch) {
            Tensor loss = weight.mul(weight).sum();
            return new BatchLoss(++calls == failing ? failure.apply(loss) : loss, 0);
        }

        @Override
        public Scores evaluate(Subset subset, int batches) {
            return new Scores(0, 0, 0);
        }

        @Override
        public boolean hasValidation() {
            return false;
        }
    }
}
