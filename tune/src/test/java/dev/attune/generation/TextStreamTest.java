package dev.attune.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pieces of text: whole characters, the spaces that belong there, nothing of a stop string. */
class TextStreamTest {
    private static final String TEXT = "naïve 😀👩‍🚀 日本語 done";

    /** Words whose decoder drops the space before a text's first one, as SentencePiece's does. */
    private static final String WORDS = """
            {"version": "1.0", "added_tokens": [{"id": 3, "content": "<s>", "single_word": false, "lstrip": false,
              "rstrip": false, "normalized": false, "special": true}],
             "normalizer": null, "pre_tokenizer": null, "post_processor": null,
             "decoder": {"type": "Sequence", "decoders": [
               {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "Fuse"},
               {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "▁is": 1, "▁Paris": 2, "<s>": 3}}}
            """;

    @TempDir
    Path folder;

    @Test
    void noPieceEndsWithinACharacter() throws IOException {
        try (var tokenizer = tiny()) {
            int[] ids = tokenizer.encodeWithoutSpecialTokens(TEXT);
            assertThat(ids.length).as("some tokens are parts of characters").isGreaterThan(TEXT.length());
            for (int prompt = 0; prompt < ids.length; prompt++) {
                if (tokenizer.decode(Arrays.copyOf(ids, prompt), true).contains("\uFFFD")) {
                    continue;
                }
                var before = Arrays.copyOf(ids, prompt);
                var pieces = stream(tokenizer, before, Arrays.copyOfRange(ids, prompt, ids.length));
                assertThat(tokenizer.decode(before, true) + String.join("", pieces))
                        .isEqualTo(TEXT);
                assertThat(pieces).noneMatch(piece -> piece.contains("\uFFFD"));
                assertThat(pieces)
                        .filteredOn(piece -> !piece.isEmpty())
                        .noneMatch(piece -> Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
            }
        }
    }

    @Test
    void aCharacterThatIsNeverFinishedIsReplacedAtTheEnd() throws IOException {
        try (var tokenizer = tiny()) {
            int[] ids = tokenizer.encodeWithoutSpecialTokens("a😀");
            var stream = new TextStream(tokenizer, new int[0], List.of());
            var given = new StringBuilder();
            for (int i = 0; i < ids.length - 1; i++) {
                given.append(stream.add(ids[i]));
            }
            assertThat(given).hasToString("a");
            assertThat(stream.finish()).isEqualTo("\uFFFD");
            assertThat(stream.text()).isEqualTo("a\uFFFD");
        }
    }

    @Test
    void aWordBehindAPromptKeepsItsSpace() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), WORDS);
        try (var tokenizer = Tokenizer.load(folder)) {
            assertThat(tokenizer.decode(new int[] {2}, true)).isEqualTo("Paris");
            assertThat(stream(tokenizer, new int[] {1}, 2, 1, 2)).containsExactly(" Paris", " is", " Paris", "");
            assertThat(stream(tokenizer, new int[0], 2, 3, 1)).containsExactly("Paris", "", " is", "");
        }
    }

    @Test
    void holdsBackWhatMayBecomeAStopString() throws IOException {
        try (var tokenizer = tiny()) {
            assertThat(stopped(tokenizer, "ONE.TWO", ".TX", "TW!")).isEqualTo("ONE.TWO");
            assertThat(stopped(tokenizer, "ONE.TWO", ".TW")).isEqualTo("ONE");
            assertThat(stopped(tokenizer, "ONE.TWO", "WO", ".TWO")).isEqualTo("ONE");
            assertThat(stopped(tokenizer, "AAB", "AB")).isEqualTo("A");
            assertThat(stopped(tokenizer, "AAB", "A")).isEmpty();
        }
    }

    /** The text up to a stop string, checked against the pieces. */
    private static String stopped(Tokenizer tokenizer, String text, String... stops) {
        var stream = new TextStream(tokenizer, new int[0], List.of(stops));
        var given = new StringBuilder();
        for (int id : tokenizer.encodeWithoutSpecialTokens(text)) {
            given.append(stream.add(id));
            if (stream.stopped()) {
                break;
            }
        }
        given.append(stream.finish());
        assertThat(given).hasToString(stream.text());
        return stream.text();
    }

    private static List<String> stream(Tokenizer tokenizer, int[] prompt, int... ids) {
        var stream = new TextStream(tokenizer, prompt, List.of());
        var pieces = new ArrayList<String>();
        for (int id : ids) {
            pieces.add(stream.add(id));
        }
        pieces.add(stream.finish());
        return pieces;
    }

    private Tokenizer tiny() {
        return Tokenizer.load(TinyGenerators.write("gpt2", folder.resolve("tiny")));
    }
}
