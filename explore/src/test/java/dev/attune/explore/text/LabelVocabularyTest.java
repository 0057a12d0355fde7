package dev.attune.explore.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelVocabularyTest {
    private static final List<String> TEXTS =
            List.of("rain and snow", "Rain, rain and wind", "bread and butter", "butter and jam and bread");
    private static final int[] LABELS = {0, 0, 1, 1};
    private static final List<String> NAMES = List.of("weather", "food", "none");

    @Test
    void wordsOfALabelComeFirstAndCommonOnesDoNot() {
        var labels = LabelVocabulary.of(TEXTS, LABELS, NAMES, 3).labels();
        assertThat(labels).extracting(LabelVocabulary.OfLabel::label).containsExactlyElementsOf(NAMES);
        assertThat(labels.get(0).words()).extracting(LabelVocabulary.Word::word).startsWith("rain");
        assertThat(labels.get(1).words())
                .extracting(LabelVocabulary.Word::word)
                .contains("bread", "butter")
                .doesNotContain("and");
        assertThat(labels.get(2).words()).isEmpty();
    }

    /** The paper's equations, written out with the figures of one word. */
    @Test
    void theFigureIsMonroesFormula() {
        var rain = LabelVocabulary.of(TEXTS, LABELS, NAMES, 1)
                .labels()
                .get(0)
                .words()
                .get(0);
        double here = 3 + 1000 * 3 / 15.0;
        double there = 0 + 1000 * 3 / 15.0;
        double logOdds = Math.log(here / (7 + 1000 - here)) - Math.log(there / (8 + 1000 - there));
        assertThat(rain.logOdds()).isCloseTo(logOdds, within(1e-12));
        assertThat(rain.z()).isCloseTo(logOdds / Math.sqrt(1 / here + 1 / there), within(1e-12));
        assertThat(rain.texts()).isEqualTo(2);
        assertThat(rain.elsewhere()).isZero();
    }
}
