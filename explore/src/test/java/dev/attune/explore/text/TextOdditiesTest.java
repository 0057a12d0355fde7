package dev.attune.explore.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.explore.text.TextOddities.Kind;
import java.lang.Character.UnicodeScript;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextOdditiesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Plain words, 3 of them & a sign: 5 < 6",
                "Caf\u00e9, na\u00efve, \u00fcber \u2013 \u201cquoted\u201d \u00a320",
                "\u00c9\u00c8\u00ca \u00e4\u00f6\u00fc",
                "\u041f\u0440\u0438\u0432\u0435\u0442, Anna",
                "\u6771\u4eac\u30bf\u30ef\u30fcABC",
                "tab\tand\nline"
            })
    void ordinaryTextsAreNotOdd(String text) {
        assertThat(TextOddities.of(List.of(text)).found()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"windows-1252", "ISO-8859-1"})
    void utf8ReadAsAnotherEncodingIsFound(String charset) {
        for (String word : List.of("caf\u00e9", "\u00a320", "na\u00efve", "\u201cquoted")) {
            String wrong = new String(word.getBytes(StandardCharsets.UTF_8), Charset.forName(charset));
            assertThat(Kind.MOJIBAKE.matches(wrong, UnicodeScript.LATIN))
                    .as(wrong)
                    .isTrue();
        }
    }

    @Test
    void eachKindIsFoundInItsRows() {
        var texts = List.of(
                "fine",
                " \n",
                "lost \uFFFD here",
                "bell \u0007",
                "p\u0430ypal account",
                "0800 123 !!! ??? 99",
                "you &amp; me &lt;3 &#39;",
                "line<br/>break <b>bold</b>");
        var found = TextOddities.of(texts).found();
        assertThat(found)
                .extracting(TextOddities.Oddity::kind)
                .containsExactly(Arrays.stream(Kind.values())
                        .filter(kind -> kind != Kind.MOJIBAKE && kind != Kind.OTHER_SCRIPT)
                        .toArray(Kind[]::new));
        assertThat(found)
                .extracting(TextOddities.Oddity::rows)
                .containsExactly(List.of(1), List.of(2), List.of(3), List.of(4), List.of(5), List.of(6), List.of(7));
    }

    @Test
    void textsInAnotherScriptThanMostAreFound() {
        var texts = new ArrayList<>(Collections.nCopies(18, "plain English, with 1 \u0430 in it"));
        texts.add("\u041f\u0440\u0438\u0432\u0435\u0442, Anna!");
        texts.add("\u3053\u3093\u306b\u3061\u306f\u6771\u4eac");
        assertThat(TextOddities.of(texts).found())
                .containsExactly(new TextOddities.Oddity(Kind.OTHER_SCRIPT, List.of(18, 19)));
        texts.addAll(Collections.nCopies(10, "\u041f\u0440\u0438\u0432\u0435\u0442"));
        assertThat(TextOddities.of(texts).found()).isEmpty();
    }
}
