package dev.attune.explore.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.attune.explore.Golden;
import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TermsTest {
    private static final JsonNode GOLDEN = Golden.of("texts");
    private static final List<String> ODD = Golden.strings(GOLDEN.get("odd"));

    @ParameterizedTest
    @CsvSource({"odd_words,WORDS,1,1", "odd_bigrams,WORDS,1,2", "odd_characters,CHARACTERS,2,4"})
    void takesTextsApartAsScikitLearn(String expected, Terms.Kind kind, int shortest, int longest) {
        for (int i = 0; i < ODD.size(); i++) {
            var found = new ArrayList<String>();
            new Terms(kind, shortest, longest).forEach(ODD.get(i), found::add);
            assertThat(found)
                    .as(ODD.get(i))
                    .containsExactlyInAnyOrderElementsOf(
                            Golden.strings(GOLDEN.get(expected).get(i)));
        }
    }

    @Test
    void weightsTermsAsScikitLearn() {
        var tfidf = Tfidf.fit(ODD, new Terms(Terms.Kind.WORDS, 1, 1));
        List<String> vocabulary = Golden.strings(GOLDEN.get("odd_vocabulary"));
        double[][] expected = Golden.rows(GOLDEN.get("odd_tfidf"));
        assertThat(tfidf.vocabulary()).containsExactlyInAnyOrderElementsOf(vocabulary);

        var rows = tfidf.transform(ODD);
        for (int r = 0; r < expected.length; r++) {
            var weights = new HashMap<String, Double>();
            for (int entry = rows.start(r); entry < rows.start(r + 1); entry++) {
                weights.put(tfidf.vocabulary().get(rows.column(entry)), rows.value(entry));
            }
            for (int c = 0; c < vocabulary.size(); c++) {
                assertThat(weights.getOrDefault(vocabulary.get(c), 0.0)).isCloseTo(expected[r][c], within(1e-9));
            }
        }
    }

    @Test
    void termsThatWereNotLearnedAreLeftOut() {
        var tfidf = Tfidf.fit(List.of("free prize"), new Terms(Terms.Kind.WORDS, 1, 1));
        var rows = tfidf.transform(List.of("a free lunch", "nothing known"));
        assertThat(rows.start(1)).isEqualTo(1);
        assertThat(rows.start(2)).isEqualTo(1);
    }

    @Test
    void textsWithoutTermsAreRefused() {
        assertThatThrownBy(() -> Tfidf.fit(List.of("a", "!"), new Terms(Terms.Kind.WORDS, 1, 1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("None of the 2 texts");
    }
}
