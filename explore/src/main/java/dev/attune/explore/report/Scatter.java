package dev.attune.explore.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Points, one a row.
 *
 * @param rows each point's row in the data, from 1
 * @param texts what a point's row says
 * @param colourings ways to colour the points
 * @param arrows of a biplot; else none
 * @param wide whether it takes the whole width of a page
 */
public record Scatter(
        String id,
        String title,
        String summary,
        String xAxis,
        String yAxis,
        List<Double> x,
        List<Double> y,
        List<Integer> rows,
        List<String> texts,
        List<Colouring> colourings,
        List<Arrow> arrows,
        boolean wide)
        implements Chart {
    private static final int MOST_GROUPS = 12;

    /**
     * Groups that the points belong to.
     *
     * @param members of each point the place of its group
     */
    public record Colouring(String name, List<String> groups, List<Integer> members) {
        public Colouring {
            groups = List.copyOf(groups);
            members = List.copyOf(members);
        }

        /** As {@link #of}, but up to twelve groups are in the order of their names, so that each has one colour everywhere. */
        static Colouring byName(String name, List<String> ofPoints) {
            var groups = ofPoints.stream().distinct().sorted().toList();
            return groups.size() > MOST_GROUPS
                    ? of(name, ofPoints)
                    : new Colouring(
                            name, groups, ofPoints.stream().map(groups::indexOf).toList());
        }

        /** By names, the most frequent first; of more than twelve the rest is one group. */
        static Colouring of(String name, List<String> ofPoints) {
            Map<String, Integer> counts = new LinkedHashMap<>();
            ofPoints.forEach(group -> counts.merge(group, 1, Integer::sum));
            var groups = new ArrayList<>(counts.keySet());
            groups.sort((a, b) -> Integer.compare(counts.getOrDefault(b, 0), counts.getOrDefault(a, 0)));
            if (groups.size() > MOST_GROUPS) {
                groups = new ArrayList<>(groups.subList(0, MOST_GROUPS - 1));
                groups.add("others");
            }
            int last = groups.size() - 1;
            var places = new LinkedHashMap<String, Integer>();
            groups.forEach(group -> places.put(group, places.size()));
            return new Colouring(
                    name,
                    groups,
                    ofPoints.stream()
                            .map(group -> places.getOrDefault(group, last))
                            .toList());
        }
    }

    /** From the middle to where a column points. */
    public record Arrow(String name, double x, double y) {}

    public Scatter {
        x = List.copyOf(x);
        y = List.copyOf(y);
        rows = List.copyOf(rows);
        texts = List.copyOf(texts);
        colourings = List.copyOf(colourings);
        arrows = List.copyOf(arrows);
    }
}
