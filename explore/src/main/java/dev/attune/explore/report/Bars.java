package dev.attune.explore.report;

import java.util.List;

/**
 * Bars, one a category and series.
 *
 * @param axis what the categories are
 * @param unit what the values count
 * @param horizontal with the categories' names on the left, which leaves them room
 * @param histogram whether the categories are ranges that adjoin; series are stacked then
 */
public record Bars(
        String id,
        String title,
        String summary,
        String axis,
        String unit,
        List<String> categories,
        List<Series> series,
        boolean horizontal,
        boolean histogram)
        implements Chart {
    /** Values, one a category. */
    public record Series(String name, List<Double> values) {
        public Series {
            values = List.copyOf(values);
        }
    }

    public Bars {
        categories = List.copyOf(categories);
        series = List.copyOf(series);
    }
}
