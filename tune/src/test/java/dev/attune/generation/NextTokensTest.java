package dev.attune.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.files.InputException;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NextTokensTest {
    private static final String PROMPT = "HELLO";

    @TempDir
    static Path folder;

    @Test
    void tellsLogitsProbabilitiesAndChances() {
        try (var generator = load()) {
            var all = generator.nextTokens(PROMPT, 1000, GenerationOptions.greedy());
            var candidates = all.candidates();

            assertThat(candidates).hasSize(64);
            assertThat(all.prompt()).isEqualTo(PROMPT);
            assertThat(String.join("", all.promptTokens())).isEqualTo(PROMPT);
            double sum =
                    candidates.stream().mapToDouble(c -> Math.exp(c.logit())).sum();
            for (int i = 0; i < 64; i++) {
                var candidate = candidates.get(i);
                assertThat(candidate.probability()).isCloseTo(Math.exp(candidate.logit()) / sum, within(1e-6));
                assertThat(candidate.chance()).isEqualTo(i == 0 ? 1 : 0);
            }
            assertThat(candidates).isSortedAccordingTo((a, b) -> Double.compare(b.logit(), a.logit()));
            assertThat(generator
                            .nextTokens(PROMPT, 3, GenerationOptions.greedy())
                            .candidates())
                    .isEqualTo(candidates.subList(0, 3));
            String likeliest = generator
                    .generate(PROMPT, GenerationOptions.greedy().withMaxNewTokens(1))
                    .text();
            assertThat(candidates.get(0).text()).isEqualTo(likeliest);
        }
    }

    @Test
    void chancesFollowTheOptions() {
        try (var generator = load()) {
            var three = generator
                    .nextTokens(PROMPT, 64, GenerationOptions.sampling(0.5, 3, 1, 0))
                    .candidates();
            assertThat(three.subList(0, 3)).allMatch(c -> c.chance() > c.probability());
            assertThat(three.subList(3, 64)).allMatch(c -> c.chance() == 0);
            assertThat(three.stream().mapToDouble(NextTokens.Candidate::chance).sum())
                    .isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void drawsBarsAsLongAsTheProbabilities() throws IOException {
        Path png = folder.resolve("next.PNG");
        // The longest bar fills the picture.
        NextTokensPicture.write(tokens(0.8, 0, 0), png);
        long one = coloured(png);
        NextTokensPicture.write(tokens(0.8, 0.8, 0.8), png);
        assertThat(coloured(png)).isBetween(one * 28 / 10, one * 32 / 10);
        NextTokensPicture.write(tokens(0.8, 0.4, 0.4), png);
        assertThat(coloured(png)).isBetween(one * 18 / 10, one * 22 / 10);
    }

    @Test
    void theFilesEndingSaysTheKindOfPicture() throws IOException {
        Path svg = folder.resolve("next.svg");
        NextTokensPicture.write(tokens(0.5), svg);
        assertThat(Files.readString(svg)).contains("<svg");
        assertThatThrownBy(() -> NextTokensPicture.write(tokens(0.5), folder.resolve("next.gif")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("next.gif");
    }

    @Test
    void quotesWhatCannotBeSeen() {
        var candidate = new NextTokens.Candidate(1, "x", "\n\t \"\\", 0, 0, 0);
        assertThat(candidate.quoted()).isEqualTo("\"\\n\\t \"\\\\\"");
    }

    private static TextGenerator load() {
        return TextGenerator.load(TinyGenerators.write("gpt2", folder.resolve("gpt2")));
    }

    private static NextTokens tokens(double... probabilities) {
        var candidates = IntStream.range(0, probabilities.length)
                .mapToObj(i -> new NextTokens.Candidate(i, "t" + i, "t" + i, 0, probabilities[i], 0))
                .toList();
        return new NextTokens(PROMPT, List.of(), candidates);
    }

    /** How many pixels are no grey. */
    private static long coloured(Path png) throws IOException {
        var image = ImageIO.read(png.toFile());
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .mapToObj(i -> new Color(image.getRGB(i % image.getWidth(), i / image.getWidth())))
                .filter(c -> c.getBlue() - c.getRed() > 60)
                .count();
    }
}
