package dev.attune.evaluation;

/** The label that a row of probabilities stands for. */
final class Prediction {
    private Prediction() {}

    /** The most probable label; of equals the first, as numpy's argmax. */
    static int of(double[] probabilities) {
        int best = 0;
        for (int label = 1; label < probabilities.length; label++) {
            if (probabilities[label] > probabilities[best]) {
                best = label;
            }
        }
        return best;
    }
}
