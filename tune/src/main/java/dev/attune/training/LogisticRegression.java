package dev.attune.training;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LBFGS;
import org.bytedeco.pytorch.LBFGSOptions;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logistic regression as scikit-learn's {@code LogisticRegression} solves it by default, with L-BFGS: the least sum of
 * cross-entropies plus |weight|² / 2 (C = 1, the intercept goes free). Two labels share one row of weights, as there.
 */
final class LogisticRegression {
    private static final Logger LOG = LoggerFactory.getLogger(LogisticRegression.class);
    private static final int MOST_STEPS = 1000;
    /** The gradient's largest element at the end. The penalty's curvature is 1: weights are off by no more than its norm. */
    private static final double TOLERANCE = 1e-6;

    private final Tensor x; // (N, C)
    private final Tensor y; // (N)
    private final Tensor weight; // (rows, C): a row for each label, or one for two labels
    private final Tensor bias; // (rows)
    private final TensorVector parameters;

    private LogisticRegression(Tensor x, Tensor y, int labels, boolean intercept) {
        int rows = labels == 2 ? 1 : labels;
        this.x = x;
        this.y = y;
        this.weight = torch.zeros(new long[] {rows, x.size(1)}, new TensorOptions(ScalarType.Double))
                .requires_grad_(true);
        this.bias = torch.zeros(new long[] {rows}, new TensorOptions(ScalarType.Double))
                .requires_grad_(intercept);
        this.parameters = intercept ? new TensorVector(weight, bias) : new TensorVector(weight);
    }

    /**
     * Fits a linear head: its parameters are overwritten.
     *
     * @param x what the head reads, float64 (N, C)
     * @param y labels, int64 (N), from 0 up
     * @param headWeight (labels, C)
     * @param headBias (labels); null for a head that has none
     */
    @SuppressWarnings("try") // scope and guard are there for what they do
    static void fit(Tensor x, Tensor y, Tensor headWeight, @Nullable Tensor headBias) {
        try (var scope = new PointerScope()) {
            var regression = new LogisticRegression(x, y, (int) headWeight.size(0), headBias != null);
            regression.solve(scope);
            try (var noGrad = new NoGradGuard()) {
                headWeight.copy_(forEachLabel(regression.weight));
                if (headBias != null) {
                    headBias.copy_(forEachLabel(regression.bias));
                }
            }
        }
    }

    /** The one row that two labels share is the difference of their scores: half of it for one, half against the other. */
    private static Tensor forEachLabel(Tensor rows) {
        if (rows.size(0) > 1) {
            return rows;
        }
        Tensor half = rows.div(new Scalar(2.0));
        return torch.cat(new TensorVector(half.neg(), half));
    }

    private void solve(PointerScope scope) {
        var options = new LBFGSOptions(1);
        options.max_iter().put(MOST_STEPS);
        options.tolerance_grad().put(TOLERANCE);
        options.tolerance_change().put(0);
        options.line_search_fn().put("strong_wolfe");
        var optimizer = new LBFGS(parameters, options);
        optimizer.step(new LossClosure() {
            @Override
            @SuppressWarnings("try") // the inner scope frees what the loss was made of
            public Tensor call() {
                try (var evaluation = new PointerScope()) {
                    Tensor loss = lossWithGradients();
                    scope.attach(loss);
                    return loss;
                }
            }
        });
        lossWithGradients();
        double largest = 0;
        for (long i = 0; i < parameters.size(); i++) {
            largest = Math.max(largest, parameters.get(i).grad().abs().max().item_double());
        }
        if (!(largest <= 100 * TOLERANCE)) {
            LOG.warn(
                    "The logistic regression is not at its optimum after {} steps: a gradient of {}.",
                    MOST_STEPS,
                    largest);
        }
    }

    private Tensor lossWithGradients() {
        weight.mutable_grad().reset();
        bias.mutable_grad().reset();
        Tensor scores = forEachLabel(torch.matmul(weight, x.t()).add(bias.unsqueeze(1))); // (labels, N)
        Tensor crossEntropy = torch.cross_entropy_loss(scores.t(), y).mul(new Scalar((double) y.size(0)));
        Tensor loss = crossEntropy.add(weight.square().sum().div(new Scalar(2.0)));
        loss.backward();
        return loss;
    }
}
