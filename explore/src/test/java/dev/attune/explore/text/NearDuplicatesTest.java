package dev.attune.explore.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.Split;
import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {
    private static final String PRIZE = "You have won a guaranteed prize of 1000 pounds, call 0800 123 now to claim it";

    @Test
    void findsTextsThatDifferByANumber() {
        var found = NearDuplicates.of(List.of(
                PRIZE,
                "are you coming home tonight?",
                PRIZE.replace("123", "987"),
                "  " + PRIZE.toUpperCase(Locale.ROOT),
                "",
                ""));
        assertThat(found.groups()).hasSize(1);
        assertThat(found.groups().get(0).rows()).containsExactly(0, 2, 3);
        assertThat(found.groups().get(0).similarity()).isBetween(0.8, 0.95);
        assertThat(found.repeated()).isEqualTo(2);
        assertThat(found.groups().get(0).conflicts(new int[] {1, 0, 1, 1, 0, 0}))
                .isFalse();
        assertThat(found.groups().get(0).conflicts(new int[] {1, 0, 0, 1, 0, 0}))
                .isTrue();
    }

    /** Of random texts changed by one word, exactly those pairs are joined that a comparison of all with all joins. */
    @Test
    void findsWhatComparingAllWithAllFinds() {
        var random = new Random(7);
        var texts = new ArrayList<String>();
        for (int i = 0; i < 150; i++) {
            var words = random.ints(20, 0, 2000).mapToObj(w -> "word" + w).toArray(String[]::new);
            texts.add(String.join(" ", words));
            for (int changed = 0; changed < random.nextInt(3); changed++) {
                words[random.nextInt(20)] = "other" + random.nextInt(2000);
                texts.add(String.join(" ", words));
            }
        }
        var expected = new HashSet<Set<Integer>>();
        for (int a = 0; a < texts.size(); a++) {
            var alike = new HashSet<Integer>();
            alike.add(a);
            boolean grew = true;
            while (grew) {
                grew = false;
                for (int b = 0; b < texts.size(); b++) {
                    int candidate = b;
                    if (!alike.contains(b)
                            && alike.stream().anyMatch(i -> jaccard(texts.get(i), texts.get(candidate)) >= 0.8)) {
                        alike.add(b);
                        grew = true;
                    }
                }
            }
            if (alike.size() > 1) {
                expected.add(alike);
            }
        }
        assertThat(expected).hasSizeGreaterThan(10);
        var found = NearDuplicates.of(texts).groups().stream()
                .map(group -> Set.copyOf(group.rows()))
                .collect(Collectors.toSet());
        assertThat(found).isEqualTo(expected);
    }

    private static double jaccard(String a, String b) {
        var first = runs(a);
        var second = runs(b);
        var common = new HashSet<>(first);
        common.retainAll(second);
        return (double) common.size() / (first.size() + second.size() - common.size());
    }

    private static Set<String> runs(String text) {
        var runs = new HashSet<String>();
        for (int i = 0; i + 5 <= text.length(); i++) {
            runs.add(text.substring(i, i + 5));
        }
        return runs;
    }

    @Test
    void refusesASimilarityThatWouldMissPairs() {
        assertThatThrownBy(() -> NearDuplicates.of(List.of("a"), 0.3))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("0.3");
        assertThat(NearDuplicates.of(List.of()).groups()).isEmpty();
    }

    @Test
    void leaksAreGroupsInSeveralParts() {
        var labels = Dataset.of("all", List.of(new Example("x", "ham"), new Example("y", "spam")))
                .labels();
        var train = new Dataset(
                "train", List.of(new Example(PRIZE, "spam"), new Example("see you at the station", "ham")), labels);
        var validation = new Dataset("validation", List.of(new Example(PRIZE + ".", "spam")), labels);
        var test = new Dataset(
                "test",
                List.of(new Example(PRIZE.replace("123", "987"), "spam"), new Example("no, thanks", "ham")),
                labels);
        var leaks = NearLeaks.of(new Split(train, validation, test));
        assertThat(leaks.testRows()).isEqualTo(1);
        assertThat(leaks.validationRows()).isEqualTo(1);
        assertThat(leaks.leaks()).extracting(NearLeaks.Leak::part).containsExactly("test", "validation");
        assertThat(leaks.leaks().get(0).text()).isEqualTo(PRIZE);
        assertThat(leaks.leaks().get(0).alike()).contains("987");
    }
}
