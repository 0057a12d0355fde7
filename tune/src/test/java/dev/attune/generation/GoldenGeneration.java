package dev.attune.generation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** How transformers goes on with the tiny models; scripts/make_generation_golden.py makes it. */
final class GoldenGeneration {
    static final List<String> FAMILIES = List.of("bloom", "gpt2", "llama", "mistral", "qwen2", "t5", "t5-gated");
    static final double PENALTY = 1.7;
    static final int NEW_TOKENS = 20;

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNode FILE = read();

    private GoldenGeneration() {}

    /** Prompts of unequal length. */
    static List<int[]> prompts() {
        var prompts = new ArrayList<int[]>();
        FILE.path("prompts").forEach(prompt -> prompts.add(JSON.convertValue(prompt, int[].class)));
        return prompts;
    }

    /** The new ids of each prompt by greedy search. */
    static List<List<Integer>> greedy(String family) {
        return texts(family, "greedy");
    }

    /** The same with a repetition penalty of {@link #PENALTY}. */
    static List<List<Integer>> penalised(String family) {
        return texts(family, "penalty");
    }

    /** Scores before and after the processors, with their options. */
    static JsonNode processors() {
        return FILE.path("processors");
    }

    private static List<List<Integer>> texts(String family, String kind) {
        var texts = new ArrayList<List<Integer>>();
        for (JsonNode text : FILE.path("families").path(family).path(kind)) {
            texts.add(List.of(JSON.convertValue(text, Integer[].class)));
        }
        return texts;
    }

    private static JsonNode read() {
        try (var in = GoldenGeneration.class.getResourceAsStream("/golden/generation.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
