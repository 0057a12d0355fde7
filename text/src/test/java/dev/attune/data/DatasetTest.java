package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static Dataset of(@Nullable String... textsAndLabels) {
        var examples = new ArrayList<Example>();
        for (int i = 0; i < textsAndLabels.length; i += 2) {
            examples.add(new Example(String.valueOf(textsAndLabels[i]), textsAndLabels[i + 1]));
        }
        return Dataset.of("made", examples);
    }

    private static Dataset sized(int ham, int spam) {
        var examples = new ArrayList<Example>();
        for (int i = 0; i < ham + spam; i++) {
            examples.add(new Example("text " + i, i < ham ? "ham" : "spam"));
        }
        return Dataset.of("made", examples);
    }

    @Test
    void sortsLabelsAsNumbersWhereAllAreNumbers() {
        assertThat(LabelSet.of(List.of("10", "9", "-1", "9")).names()).containsExactly("-1", "9", "10");
        assertThat(LabelSet.of(List.of("b", "10", "9")).names()).containsExactly("10", "9", "b");
        assertThat(new LabelSet(List.of("z", "a")).indexOf("a")).isEqualTo(1);
    }

    @Test
    void namesTheKnownLabelsWhenOneWasNotSeenInTraining() {
        var known = LabelSet.of(List.of("ham", "spam"));
        assertThatThrownBy(() -> known.indexOf("eggs"))
                .isInstanceOf(InputException.class)
                .hasMessage("Label 'eggs' was not seen in training; known: ham, spam.");
        assertThatThrownBy(() -> of("a", "eggs").withLabels(known))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("label 'eggs' was not seen in training; known: ham, spam");
    }

    @Test
    void refusesAnEmptyOrRepeatedLabelName() {
        assertThatThrownBy(() -> new LabelSet(List.of("a", "a"))).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new LabelSet(List.of(""))).isInstanceOf(InputException.class);
    }

    @Test
    void balancesToTheSmallestClassOrToARatio() {
        assertThat(sized(40, 7).balanced(1).counts()).containsExactly(entry("ham", 7), entry("spam", 7));
        assertThat(sized(40, 7).balanced(1.5, 1).counts()).containsExactly(entry("ham", 10), entry("spam", 7));
        assertThat(sized(40, 7).balanced(1)).isEqualTo(sized(40, 7).balanced(1));
        assertThat(sized(40, 7).balanced(1)).isNotEqualTo(sized(40, 7).balanced(2));
        assertThatThrownBy(() -> sized(4, 7).balanced(0.5, 1)).isInstanceOf(InputException.class);
    }

    @Test
    void keepsTheFirstOfEachTextAndListsConflicts() {
        var data = of("a", "x", "b", "x", "a", "y", "b", "x", "b", null);
        assertThat(data.deduplicated().examples()).containsExactly(new Example("a", "x"), new Example("b", "x"));
        assertThat(data.duplicates())
                .isEqualTo(new Duplicates(3, List.of(new Duplicates.Conflict("a", List.of("x", "y")))));
    }

    @Test
    void shufflesTheSameWayOnEveryMachine() {
        var order = sized(8, 0).shuffled(123).texts();
        assertThat(order).hasSize(8).isEqualTo(sized(8, 0).shuffled(123).texts());
        // Fixed by java.util.Random's specification; another order would change every split that users made.
        assertThat(Shuffle.permutation(8, 123)).containsExactly(0, 3, 7, 1, 4, 2, 6, 5);
    }

    @Test
    void hashesTextsAndLabelsInTheirOrder() {
        assertThat(of("a", "b", "c", "d").sha256())
                .isEqualTo(of("a", "b", "c", "d").withName("other").sha256());
        assertThat(List.of(
                        of("a", "b", "c", "d").sha256(),
                        of("c", "d", "a", "b").sha256(),
                        of("ab", "c", "d", null).sha256(),
                        of("a", "bc", "d", null).sha256()))
                .doesNotHaveDuplicates()
                .allMatch(hash -> hash.matches("[0-9a-f]{64}"));
    }

    @Test
    void saysWhyItCannotBeTrainedOn() {
        assertThat(sized(2, 2).requireTrainable().size()).isEqualTo(4);
        assertThatThrownBy(() -> sized(3, 0).requireTrainable())
                .isInstanceOf(InputException.class)
                .hasMessage("All 3 rows of made have the label 'ham'; a classifier needs two classes or more.");
        assertThatThrownBy(() -> of().requireTrainable()).hasMessage("made has no rows.");
        assertThatThrownBy(() -> of("a", null).requireTrainable()).hasMessageContaining("--label-column");
        assertThatThrownBy(() -> of("a", "x", "b", null).requireTrainable())
                .hasMessageContaining("1 of 2 rows of made have no label, the first is row 2");
    }

    @Test
    void splitsIntoTheSharesAskedFor() {
        var split = sized(747, 747).split(0.7, 0.1, 0.2, 123);
        assertThat(split.train().counts()).containsExactly(entry("ham", 523), entry("spam", 523));
        assertThat(List.of(
                        split.train().size(),
                        split.validation().size(),
                        split.test().size()))
                .containsExactly(1046, 149, 299);
        assertThat(sized(9, 1).plainSplit(0.8, 0, 0.2, 5).validation().size()).isZero();
        assertThatThrownBy(() -> sized(5, 5).split(0.7, 0.1, 0.1, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("add up to 0.8");
        assertThatThrownBy(() -> sized(5, 5).split(1.2, -0.2, 0, 1)).isInstanceOf(InputException.class);
    }

    @Test
    void reportsTextsThatStandInTwoParts() {
        var labels = LabelSet.of(List.of("x"));
        var split = new Split(
                of("same", "x", "Near  it", "x", "own", "x").withLabels(labels),
                new Dataset("empty", List.of(), labels),
                of("same", "x", "near it ", "x", "near it ", "x", "other", "x").withLabels(labels));
        var leaks = split.leaks();
        assertThat(leaks.exact()).containsExactly(new LeakReport.Leak("same", List.of("train", "test")));
        assertThat(leaks.nearly()).containsExactly(new LeakReport.Leak("Near  it", List.of("train", "test")));
        assertThat(leaks.testRows()).isEqualTo(3);
        assertThat(leaks.summary()).startsWith("2 texts stand in more than one part");
        assertThat(sized(5, 5).split(0.5, 0, 0.5, 1).leaks().count()).isZero();
    }
}
