package dev.attune.evaluation;

/** From scores to probabilities. */
public final class Softmax {
    private Softmax() {}

    /** The probabilities whose logarithms differ as the scores do. */
    public static double[] of(double[] scores) {
        var p = new double[scores.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            p[k] = Math.exp(scores[k] - largest);
            sum += p[k];
        }
        for (int k = 0; k < p.length; k++) {
            p[k] /= sum;
        }
        return p;
    }
}
