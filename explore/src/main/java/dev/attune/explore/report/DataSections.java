package dev.attune.explore.report;

import dev.attune.data.Dataset;
import dev.attune.data.LeakReport;
import dev.attune.data.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The data of a run: how its parts divide among the labels, how long their texts are, what they share. */
final class DataSections {
    private static final int MOST_LABELS = 30;

    private final Map<String, Dataset> parts = new LinkedHashMap<>();

    DataSections(Split split) {
        parts.put("train", split.train());
        parts.put("validation", split.validation());
        parts.put("test", split.test());
        parts.values().removeIf(part -> part.size() == 0);
    }

    Section section(LeakReport leaks) {
        var blocks = new ArrayList<Block>();
        var labels = parts.values().iterator().next().labels().names();
        if (labels.size() <= MOST_LABELS) {
            var series = new ArrayList<Bars.Series>();
            parts.forEach((name, part) -> series.add(new Bars.Series(
                    name, part.counts().values().stream().map(n -> (double) n).toList())));
            blocks.add(new Bars(
                    "part-labels",
                    "Labels",
                    "How many texts of each label the parts hold.",
                    "label",
                    "texts",
                    labels,
                    series,
                    labels.size() > 6,
                    false));
        }
        var lengths = new ArrayList<Double>();
        var groups = new ArrayList<Integer>();
        int group = 0;
        for (Dataset part : parts.values()) {
            for (String text : part.texts()) {
                lengths.add((double) text.codePointCount(0, text.length()));
                groups.add(group);
            }
            group++;
        }
        var histogram = Histogram.of(
                lengths.stream().mapToDouble(Double::doubleValue).toArray(),
                groups.stream().mapToInt(Integer::intValue).toArray(),
                parts.size(),
                24);
        var names = List.copyOf(parts.keySet());
        var lengthSeries = new ArrayList<Bars.Series>();
        for (int i = 0; i < names.size(); i++) {
            lengthSeries.add(new Bars.Series(names.get(i), histogram.counts().get(i)));
        }
        blocks.add(new Bars(
                "part-lengths",
                "Lengths",
                "How long the texts are, in characters.",
                "characters",
                "texts",
                histogram.ranges(),
                lengthSeries,
                false,
                true));
        var shared = DataTable.of("Texts in more than one part", leaks.summary(), "parts", "text");
        leaks.exact().stream()
                .limit(50)
                .forEach(leak -> shared.row(String.join(", ", leak.parts()), Text.clipped(leak.text(), 240)));
        leaks.nearly().stream()
                .limit(50)
                .forEach(leak -> shared.row(String.join(", ", leak.parts()), Text.clipped(leak.text(), 240)));
        if (leaks.count() > 0) {
            blocks.add(shared.build());
        }
        return new Section("data", "Data", leaks.summary(), blocks);
    }
}
