package dev.attune.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A confusion matrix and the scores that follow from it alone, each as scikit-learn has it with zero_division=0. */
final class Confusion {
    private final int classes;
    /** counts[truth * classes + predicted] */
    private final int[] counts;

    private final List<ClassScores> perClass;
    /** Ids of the classes that occur in the truth or among the predictions: those that macro averages are over. */
    private final List<Integer> occurring;

    private final int rows;
    private final int correct;
    private final double mcc;

    Confusion(int classes, int[] counts) {
        this.classes = classes;
        this.counts = counts;
        var truths = new int[classes];
        var predictions = new int[classes];
        int hits = 0;
        for (int truth = 0; truth < classes; truth++) {
            for (int predicted = 0; predicted < classes; predicted++) {
                int count = counts[truth * classes + predicted];
                truths[truth] += count;
                predictions[predicted] += count;
            }
            hits += counts[truth * classes + truth];
        }
        correct = hits;
        perClass = new ArrayList<>(classes);
        occurring = new ArrayList<>(classes);
        int n = 0;
        double expected = 0;
        double truthSquares = 0;
        double predictionSquares = 0;
        for (int label = 0; label < classes; label++) {
            int hit = counts[label * classes + label];
            perClass.add(new ClassScores(
                    ratio(hit, predictions[label]),
                    ratio(hit, truths[label]),
                    ratio(2.0 * hit, (double) truths[label] + predictions[label]),
                    truths[label]));
            if (truths[label] + predictions[label] > 0) {
                occurring.add(label);
            }
            n += truths[label];
            expected += (double) truths[label] * predictions[label];
            truthSquares += (double) truths[label] * truths[label];
            predictionSquares += (double) predictions[label] * predictions[label];
        }
        rows = n;
        // Gorodkin 2004, the multi-class form of Matthews' coefficient.
        double squared = (double) n * n;
        double spread = (squared - truthSquares) * (squared - predictionSquares);
        mcc = spread == 0 ? 0 : ((double) correct * n - expected) / Math.sqrt(spread);
    }

    double accuracy() {
        return ratio(correct, rows);
    }

    double mcc() {
        return mcc;
    }

    List<ClassScores> perClass() {
        return perClass;
    }

    Averages macro() {
        return averages(label -> 1);
    }

    Averages weighted() {
        return averages(label -> perClass.get(label).support());
    }

    /** Over all rows: with one label a row, the three are the accuracy. */
    Averages micro() {
        return new Averages(accuracy(), accuracy(), accuracy());
    }

    /** Rows = truth, columns = predictions. */
    List<List<Integer>> matrix() {
        var matrix = new ArrayList<List<Integer>>(classes);
        for (int truth = 0; truth < classes; truth++) {
            var row = new ArrayList<Integer>(classes);
            for (int predicted = 0; predicted < classes; predicted++) {
                row.add(counts[truth * classes + predicted]);
            }
            matrix.add(List.copyOf(row));
        }
        return List.copyOf(matrix);
    }

    private Averages averages(ToDoubleFunction<Integer> weight) {
        double total = 0;
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        for (int label : occurring) {
            double share = weight.applyAsDouble(label);
            ClassScores scores = perClass.get(label);
            total += share;
            precision += share * scores.precision();
            recall += share * scores.recall();
            f1 += share * scores.f1();
        }
        return new Averages(ratio(precision, total), ratio(recall, total), ratio(f1, total));
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}
