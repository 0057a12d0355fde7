package dev.attune.explore.baseline;

import dev.attune.explore.matrix.SparseRows;
import dev.attune.files.InputException;
import java.util.Arrays;

/**
 * Multinomial naive Bayes on counts or TF-IDF weights, as scikit-learn's MultinomialNB.
 *
 * @param alpha added to every count (Laplace smoothing at 1)
 */
public record NaiveBayes(double alpha) implements VectorClassifier {
    public NaiveBayes {
        if (!(alpha > 0)) {
            throw new InputException("alpha of naive Bayes is " + alpha + "; it is greater than 0.");
        }
    }

    @Override
    public Fitted fit(SparseRows rows, int[] labels, int classes) {
        var weights = new double[rows.columns() * classes];
        Arrays.fill(weights, alpha);
        var priors = new double[classes];
        var hot = new double[classes];
        for (int row = 0; row < labels.length; row++) {
            hot[labels[row]] = 1;
            rows.addOuterProduct(row, hot, weights);
            hot[labels[row]] = 0;
            priors[labels[row]]++;
        }
        var totals = new double[classes];
        for (int i = 0; i < weights.length; i++) {
            totals[i % classes] += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.log(weights[i] / totals[i % classes]);
        }
        for (int k = 0; k < classes; k++) {
            priors[k] = Math.log(priors[k] / labels.length);
        }
        var scores = new LinearScores(weights, priors);
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
}
