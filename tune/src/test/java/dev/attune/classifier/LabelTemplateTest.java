package dev.attune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.TinyModels;
import dev.attune.files.InputException;
import dev.attune.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelTemplateTest {
    private static final String AROUND = "Tweet text : {text} Label : ";

    @TempDir
    Path folder;

    private Tokenizer tokenizer;

    @BeforeEach
    void loadTokenizer() {
        tokenizer = Tokenizer.load(TinyModels.write("gpt2", folder));
    }

    @AfterEach
    void closeTokenizer() {
        tokenizer.close();
    }

    @Test
    void putsTheTextInItsPlaceAndTheEndOfTextBehindTheLabel() {
        var template = template(List.of("food", "music"), true, 64);

        int[] ids = template.encode(List.of("more soup")).get(0);
        int[] label = template.labels().get(1);

        assertThat(ids).isEqualTo(tokenizer.encodeWithoutSpecialTokens("Tweet text : more soup Label : "));
        int[] word = tokenizer.encodeWithoutSpecialTokens("music");
        assertThat(Arrays.copyOf(label, label.length - 1)).isEqualTo(word);
        assertThat(label[label.length - 1])
                .isEqualTo(tokenizer.eos().orElseThrow().id());
        assertThat(template(List.of("food", "music"), false, 64).labels().get(1))
                .isEqualTo(word);
    }

    @Test
    void cutsTheTextNeverTheTemplateOrTheLabel() {
        var template = template(List.of("food", "music"), true, 40);
        String text = "good old soup \uD83D\uDE00 ".repeat(30);

        int[] ids = template.encode(List.of(text)).get(0);

        String read = tokenizer.decode(ids, false);
        assertThat(ids.length).isBetween(30, 40 - template.longestLabel());
        assertThat(read)
                .startsWith("Tweet text : good old")
                .endsWith(" Label : ")
                .doesNotContain("\uFFFD");
    }

    @Test
    void leavesATextThatJustFitsAsItIs() {
        var roomy = template(List.of("food", "music"), true, 64);
        int[] whole = roomy.encode(List.of("more soup and rain")).get(0);

        var tight = template(List.of("food", "music"), true, whole.length + roomy.longestLabel());

        assertThat(tight.encode(List.of("more soup and rain")).get(0)).isEqualTo(whole);
    }

    @Test
    void refusesTemplatesAndLabelsThatCannotBeScored() {
        assertThatThrownBy(() -> new LabelTemplate.Settings("no place", List.of("a"), true, 64))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("{text}");
        assertThatThrownBy(() -> template(List.of("food", "food"), true, 64))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'food' and 'food'");
        assertThatThrownBy(() -> template(List.of("food", ""), true, 64))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no tokens");
        assertThatThrownBy(() -> template(List.of("food", "music"), true, 10))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("max-length is 10");
    }

    private LabelTemplate template(List<String> words, boolean endOfText, int maxLength) {
        return new LabelTemplate(tokenizer, new LabelTemplate.Settings(AROUND, words, endOfText, maxLength));
    }
}
