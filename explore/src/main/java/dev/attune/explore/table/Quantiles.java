package dev.attune.explore.table;

/** Quantiles by linear interpolation between the two nearest values (type 7 of Hyndman and Fan 1996), as numpy and pandas. */
public final class Quantiles {
    private Quantiles() {}

    /**
     * One quantile.
     *
     * @param sorted ascending, one value at least
     * @param q from 0 to 1
     */
    public static double ofSorted(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        double fraction = position - below;
        return fraction == 0 ? sorted[below] : sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
    }
}
