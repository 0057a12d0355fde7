package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.classifier.LabelTree.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTreeTest {
    /** "good" = 5, "good day" = 5 6, "bad day" = 7 6, each closed by 9. */
    @Test
    void sharesBeginningsAndLeavesLastTokensOut() {
        var tree = LabelTree.of(List.of(new int[] {5, 9}, new int[] {5, 6, 9}, new int[] {7, 6, 9}));

        assertThat(tree.nodes()).containsExactly(5, 6, 7, 6);
        assertThat(tree.parents()).containsExactly(-1, 0, -1, 2);
        assertThat(tree.steps())
                .containsExactly(
                        new Step(0, 5),
                        new Step(1, 9),
                        new Step(1, 6),
                        new Step(2, 9),
                        new Step(0, 7),
                        new Step(3, 6),
                        new Step(4, 9));
        assertThat(tree.labels()).containsExactly(List.of(0, 1), List.of(0, 2, 3), List.of(4, 5, 6));
    }

    @Test
    void asksForTheTokensOfEachRow() {
        var asked = LabelTree.of(List.of(new int[] {5, 9}, new int[] {5, 6, 9}, new int[] {7, 6, 9}))
                .asked();

        assertThat(asked.tokens())
                .containsExactly(List.of(5, 7), List.of(9, 6), List.of(9, 0), List.of(6, 0), List.of(9, 0));
        assertThat(asked.places()).containsExactly(0, 2, 3, 4, 1, 6, 8);
    }

    @Test
    void needsNoNodesForLabelsOfOneToken() {
        var tree = LabelTree.of(List.of(new int[] {5}, new int[] {6}));

        assertThat(tree.nodes()).isEmpty();
        assertThat(tree.steps()).containsExactly(new Step(0, 5), new Step(0, 6));
    }
}
