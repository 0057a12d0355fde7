package dev.attune.explore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** What scripts/make_explore_golden.py had scikit-learn say. */
public final class Golden {
    private static final JsonNode ROOT = read();

    private Golden() {}

    private static JsonNode read() {
        try (InputStream in = Golden.class.getResourceAsStream("/explore/golden.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode of(String name) {
        return Objects.requireNonNull(ROOT.get(name), name);
    }

    public static double[] doubles(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    public static int[] ints(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    public static double[][] rows(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(Golden::doubles)
                .toArray(double[][]::new);
    }

    public static List<String> strings(JsonNode node) {
        var strings = new ArrayList<String>();
        node.forEach(string -> strings.add(string.textValue()));
        return strings;
    }
}
