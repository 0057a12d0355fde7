package dev.attune;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.Split;
import dev.attune.files.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Short texts of unequal length in three classes that a word or two tell apart. */
public final class TinyTexts {
    private static final Map<String, List<String>> WORDS = new TreeMap<>(Map.of(
            "food", List.of("soup", "bread", "cheese", "apple"),
            "music", List.of("drum", "violin", "chord", "tune"),
            "weather", List.of("rain", "snow", "cloud", "wind")));
    private static final List<String> FILLERS = List.of("the", "a", "some", "more", "good", "old");

    private TinyTexts() {}

    /** So many texts, the classes in turn. */
    public static Dataset of(int size, long seed) {
        var random = new Random(seed);
        var labels = List.copyOf(WORDS.keySet());
        var examples = new ArrayList<Example>();
        for (int i = 0; i < size; i++) {
            String label = labels.get(i % labels.size());
            var text = new ArrayList<String>();
            for (int word = random.nextInt(4); word >= 0; word--) {
                text.add(pick(FILLERS, random));
                text.add(pick(WORDS.getOrDefault(label, List.of()), random));
            }
            examples.add(new Example(String.join(" ", text), label));
        }
        return Dataset.of("tiny texts", examples);
    }

    /** Parts drawn each for itself: 24 texts to train with, 12 to validate and 12 to test. */
    public static Split split() {
        return new Split(of(24, 1), of(12, 2), of(12, 3));
    }

    /** Writes a CSV file, columns text and label, and returns it. */
    public static Path write(Dataset texts, Path file) {
        var lines = new StringBuilder("text,label\n");
        texts.examples()
                .forEach(e ->
                        lines.append(e.text()).append(',').append(e.label()).append('\n'));
        AtomicFile.writeString(file, lines.toString());
        return file;
    }

    private static String pick(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }
}
