package dev.attune.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.attune.torch.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scores after the processors are transformers', and tokens are drawn as they say. */
class LogitsProcessorsTest {
    private final PointerScope scope = new PointerScope();

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void givesTransformersScores() {
        assertThat(GoldenGeneration.processors()).hasSizeGreaterThan(5);
        for (JsonNode golden : GoldenGeneration.processors()) {
            JsonNode set = golden.path("options");
            var options = new GenerationOptions(
                    set.path("temperature").asDouble(1),
                    set.path("top_k").asInt(0),
                    set.path("top_p").asDouble(1),
                    set.path("repetition_penalty").asDouble(1),
                    0,
                    null,
                    null,
                    List.of(),
                    true);
            float[] logits = floats(golden.path("logits"));
            boolean[] seen = new boolean[logits.length];
            golden.path("prompt").forEach(id -> seen[id.asInt()] = true);

            Tensor scores = LogitsProcessors.process(
                    options,
                    Tensors.of(logits, 1, logits.length),
                    options.repetitionPenalty() == 1 ? null : Tensors.of(seen, 1, seen.length));

            assertThat(Tensors.toFloats(scores)).as(set.toString()).containsExactly(floats(golden.path("scores")));
        }
    }

    @Test
    void drawsEachTokenAsOftenAsItsProbabilitySays() {
        int draws = 20_000;
        float[] logits = {1, 0, -0.5f, Float.NEGATIVE_INFINITY, 2};
        var options = GenerationOptions.sampling(1, 0, 1, 9);
        int[] places = IntStream.range(0, draws).toArray();
        var sampler = new Sampler(options, List.of(), places, logits.length);
        double[] expected = softmax(logits);

        int[] counts = new int[logits.length];
        for (int token : sampler.choose(Tensors.of(logits, 1, logits.length).expand(draws, logits.length))) {
            counts[token]++;
        }

        assertThat(counts[3]).isZero();
        for (int i = 0; i < logits.length; i++) {
            double deviation = Math.sqrt(expected[i] * (1 - expected[i]) / draws);
            assertThat((double) counts[i] / draws).isCloseTo(expected[i], within(4 * deviation + 1e-9));
        }
    }

    @Test
    void chancesAreWhatIsDrawnFromOrTheOneThatGreedySearchTakes() {
        float[] logits = {1, 3, 2, -1};
        Tensor scores = Tensors.of(logits, 1, 4);
        var greedy = new Sampler(GenerationOptions.greedy(), List.of(), new int[1], 4);
        assertThat(Tensors.toFloats(greedy.chances(scores))).containsExactly(0, 1, 0, 0);
        var two = new Sampler(GenerationOptions.sampling(0.5, 2, 1, 0), List.of(), new int[1], 4);
        float[] chances = Tensors.toFloats(two.chances(scores));
        double first = 1 / (1 + Math.exp(-2));
        assertThat(chances[1]).isCloseTo((float) first, within(1e-6f));
        assertThat(chances[2]).isCloseTo((float) (1 - first), within(1e-6f));
        assertThat(chances[0]).isZero();
    }

    private static float[] floats(JsonNode numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode number = numbers.get(i);
            values[i] = number.isNull() ? Float.NEGATIVE_INFINITY : (float) number.asDouble();
        }
        return values;
    }

    private static double[] softmax(float... logits) {
        double sum = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i]))
                .sum();
        return IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i]) / sum)
                .toArray();
    }
}
