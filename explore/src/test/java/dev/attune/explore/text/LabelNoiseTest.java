package dev.attune.explore.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.baseline.Labelled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelNoiseTest {
    private static final List<String> NAMES = List.of("a", "b");

    @Test
    void countsARowUnderTheLabelWhoseMeanConfidenceItReaches() {
        double[][] probabilities = {{0.9, 0.1}, {0.8, 0.2}, {0.1, 0.9}, {0.2, 0.8}, {0.3, 0.7}, {0.55, 0.45}};
        int[] labels = {0, 0, 0, 1, 1, 1};
        var noise = LabelNoise.of(NAMES, labels, probabilities);
        // Thresholds: (0.9 + 0.8 + 0.1) / 3 = 0.6 for a, (0.8 + 0.7 + 0.45) / 3 = 0.65 for b.
        assertThat(noise.confident()).containsExactly(List.of(2, 1), List.of(0, 2));
        assertThat(noise.candidates()).hasSize(1);
        var candidate = noise.candidates().get(0);
        assertThat(candidate.row()).isEqualTo(2);
        assertThat(candidate.label()).isEqualTo("a");
        assertThat(candidate.suggested()).isEqualTo("b");
        assertThat(candidate.suggestedProbability()).isCloseTo(0.9, within(1e-12));
    }

    @Test
    void findsLabelsThatWereChanged() {
        var random = new Random(5);
        var texts = new ArrayList<String>();
        int[] labels = new int[200];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
            String word = labels[i] == 0 ? "rain snow wind frost" : "bread butter jam cheese";
            texts.add(word + " number" + random.nextInt(50));
        }
        int[] changed = {3, 40, 77, 150};
        for (int row : changed) {
            labels[row] = 1 - labels[row];
        }
        var noise = LabelNoise.of(new Labelled<>(texts, labels, NAMES), Baselines.TFIDF_LOGISTIC, 5, 1);
        assertThat(noise.candidates()).extracting(LabelNoise.Candidate::row).containsExactlyInAnyOrder(3, 40, 77, 150);
    }

    @Test
    void aLabelWithoutRowsIsNeverSuggested() {
        var noise = LabelNoise.of(
                List.of("a", "b", "c"), new int[] {0, 1}, new double[][] {{0.2, 0.1, 0.7}, {0.1, 0.2, 0.7}});
        assertThat(noise.candidates()).isEmpty();
    }
}
