package dev.attune.explore.baseline;

import dev.attune.explore.matrix.SparseRows;
import dev.attune.files.InputException;
import java.util.Arrays;
import smile.math.BFGS;
import smile.math.DifferentiableMultivariateFunction;

/**
 * Logistic regression, multinomial for more than two classes, with a ridge penalty on the weights and none on the intercepts:
 * the objective of scikit-learn's LogisticRegression, minimised by L-BFGS.
 *
 * @param c how little the weights are held down: C of scikit-learn
 */
public record LogisticRegression(double c) implements VectorClassifier {
    private static final int CORRECTIONS = 10;
    private static final int MOST_ITERATIONS = 1000;
    private static final double GRADIENT_TOLERANCE = 1e-7;

    public LogisticRegression {
        if (!(c > 0)) {
            throw new InputException("C of a logistic regression is " + c + "; it is greater than 0.");
        }
    }

    @Override
    public Fitted fit(SparseRows rows, int[] labels, int classes) {
        int outputs = classes == 2 ? 1 : classes;
        var parameters = new double[(rows.columns() + 1) * outputs];
        BFGS.minimize(
                new Objective(rows, labels, outputs, c), CORRECTIONS, parameters, GRADIENT_TOLERANCE, MOST_ITERATIONS);
        int weights = rows.columns() * outputs;
        var scores = new LinearScores(
                Arrays.copyOf(parameters, weights), Arrays.copyOfRange(parameters, weights, parameters.length));
        return new Fitted() {
            @Override
            public double[][] probabilities(SparseRows others) {
                return scores.probabilities(others, 1);
            }

            @Override
            public long numbers() {
                return scores.numbers();
            }
        };
    }

    /** Negative log likelihood of all rows, plus half the squared weights over C. Parameters: weights, then intercepts. */
    @SuppressWarnings("serial") // Smile's functions are serializable; this one is never written
    private static final class Objective implements DifferentiableMultivariateFunction {
        private final SparseRows rows;
        private final int[] labels;
        private final int outputs;
        private final double c;

        Objective(SparseRows rows, int[] labels, int outputs, double c) {
            this.rows = rows;
            this.labels = labels;
            this.outputs = outputs;
            this.c = c;
        }

        @Override
        public double f(double[] parameters) {
            return g(parameters, new double[0]);
        }

        /** An empty gradient is not computed. */
        @Override
        public double g(double[] parameters, double[] gradient) {
            int weights = parameters.length - outputs;
            Arrays.fill(gradient, 0);
            double loss = 0;
            for (int w = 0; w < weights; w++) {
                loss += parameters[w] * parameters[w];
                if (gradient.length > 0) {
                    gradient[w] = parameters[w] / c;
                }
            }
            loss /= 2 * c;
            var scores = new double[outputs];
            for (int row = 0; row < labels.length; row++) {
                System.arraycopy(parameters, weights, scores, 0, outputs);
                rows.addProduct(row, parameters, scores);
                loss += toResiduals(scores, labels[row]);
                if (gradient.length > 0) {
                    rows.addOuterProduct(row, scores, gradient);
                    for (int k = 0; k < outputs; k++) {
                        gradient[weights + k] += scores[k];
                    }
                }
            }
            return loss;
        }

        /** Replaces scores by probability minus truth, and gives the row's loss. */
        private static double toResiduals(double[] scores, int label) {
            if (scores.length == 1) {
                double score = scores[0];
                scores[0] = LinearScores.logistic(score) - label;
                return Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - label * score;
            }
            double largest = Arrays.stream(scores).max().orElse(0);
            double own = scores[label];
            double sum = 0;
            for (int k = 0; k < scores.length; k++) {
                scores[k] = Math.exp(scores[k] - largest);
                sum += scores[k];
            }
            for (int k = 0; k < scores.length; k++) {
                scores[k] /= sum;
            }
            scores[label] -= 1;
            return Math.log(sum) + largest - own;
        }
    }
}
