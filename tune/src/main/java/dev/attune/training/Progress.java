package dev.attune.training;

import org.jspecify.annotations.Nullable;

/**
 * Where a run stands between two steps: with the parameters and moments, all that the next step depends on.
 *
 * @param stepInEpoch optimizer steps taken of the current epoch
 * @param best the best validation figures so far and the step they were measured at
 * @param epochsSinceBest epochs evaluated since
 * @param metricsBytes length of metrics.jsonl
 */
record Progress(
        int epoch,
        int stepInEpoch,
        long step,
        Tally sinceLog,
        @Nullable Best best,
        int epochsSinceBest,
        long metricsBytes) {

    static final Progress START = new Progress(0, 0, 0, new Tally(0, 0, 0), null, 0, 0);

    /** Loss and hits summed over training units. */
    record Tally(double loss, long correct, long units) {
        Tally plus(double moreLoss, long moreCorrect, long moreUnits) {
            return new Tally(loss + moreLoss, correct + moreCorrect, units + moreUnits);
        }

        double meanLoss() {
            return loss / Math.max(1, units);
        }

        double accuracy() {
            return (double) correct / Math.max(1, units);
        }
    }

    /** A step worth keeping: higher accuracy, or the same with a lower loss. */
    record Best(long step, double accuracy, double loss) {
        boolean beats(@Nullable Best other) {
            return other == null || accuracy > other.accuracy || (accuracy == other.accuracy && loss < other.loss);
        }
    }
}
