package dev.attune.explore.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Curves over one axis.
 *
 * @param xRange least and greatest; null: as the data has it
 * @param yRange as {@code xRange}
 */
public record Lines(
        String id,
        String title,
        String summary,
        String xAxis,
        String yAxis,
        List<Curve> curves,
        @Nullable List<Double> xRange,
        @Nullable List<Double> yRange)
        implements Chart {
    static final List<Double> SHARES = List.of(0.0, 1.0);

    /**
     * One curve.
     *
     * @param guide a line to compare with, such as chance
     */
    public record Curve(String name, List<Double> x, List<Double> y, boolean guide) {
        public Curve {
            x = List.copyOf(x);
            y = List.copyOf(y);
        }

        static Curve diagonal(String name) {
            return new Curve(name, SHARES, SHARES, true);
        }
    }

    public Lines {
        curves = List.copyOf(curves);
    }
}
