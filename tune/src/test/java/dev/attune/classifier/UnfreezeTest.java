package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import dev.attune.model.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnfreezeTest {
    @ParameterizedTest
    @ValueSource(strings = {"head", "last-block", "last-2", "last-12", "all"})
    void isWrittenAsItIsRead(String text) {
        assertThat(Unfreeze.parse(text)).hasToString(text);
    }

    @Test
    void namesAreTheConstants() {
        assertThat(Unfreeze.parse("head")).isEqualTo(Unfreeze.HEAD);
        assertThat(Unfreeze.parse("last-1")).isEqualTo(Unfreeze.LAST_BLOCK);
        assertThat(Unfreeze.parse("last-3")).isEqualTo(Unfreeze.last(3));
        assertThat(Unfreeze.parse("all")).isEqualTo(Unfreeze.ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "last-0", "last--1", "last-", "lastblock", "ALL", "last-99999"})
    void anythingElseIsRefusedWithWhatItTakes(String text) {
        assertThatThrownBy(() -> Unfreeze.parse(text))
                .isInstanceOf(InputException.class)
                .hasMessage("unfreeze is '" + text + "'; it takes head, last-block, last-N (such as last-2) or all.");
    }

    @Test
    void countsBlocksFromTheTop() {
        var parts = Unfreeze.last(2).parts(6);
        assertThat(parts.test(Part.block(3))).isFalse();
        assertThat(parts.test(Part.block(4))).isTrue();
        assertThat(parts.test(Part.block(5))).isTrue();
        assertThat(parts.test(Part.of(Part.Kind.NORM))).isTrue();
        assertThat(parts.test(Part.of(Part.Kind.EMBEDDINGS))).isFalse();
        assertThat(Unfreeze.HEAD.parts(6).test(Part.of(Part.Kind.NORM))).isFalse();
        assertThat(Unfreeze.last(9).parts(6).test(Part.block(0))).isTrue();
        assertThat(Unfreeze.ALL.parts(6).test(Part.of(Part.Kind.EMBEDDINGS))).isTrue();
    }
}
