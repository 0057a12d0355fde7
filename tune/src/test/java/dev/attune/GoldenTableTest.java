package dev.attune;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The README's table of families and golden checks, made of the folders golden/FAMILY/CHECK that there are. With
 * {@code -Dattune.readme=write} it is written, without it is compared.
 */
class GoldenTableTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    private static final Path TESTS = Path.of("src", "test", "java", "dev", "attune");
    private static final String BEGIN = "<!-- golden table -->\n";
    private static final String END = "<!-- end of golden table -->\n";

    /** The test that holds each check, for every family with a folder of that name. */
    private static final Map<String, String> HELD_BY = new TreeMap<>(Map.ofEntries(
            entry("causal", "model/GoldenCausalTest.java"),
            entry("classifier", "model/GoldenClassifierTest.java"),
            entry("conditional", "model/GoldenConditionalTest.java"),
            entry("contrastive", "training/GoldenContrastiveTest.java"),
            entry("lora-causal", "peft/GoldenLoraTest.java"),
            entry("lora-classifier", "peft/GoldenLoraTest.java"),
            entry("lora-conditional", "peft/GoldenConditionalTuningTest.java"),
            entry("p-tuning", "peft/GoldenVirtualTokensTest.java"),
            entry("p-tuning-conditional", "peft/GoldenConditionalTuningTest.java"),
            entry("prefix", "peft/GoldenVirtualTokensTest.java"),
            entry("prefix-conditional", "peft/GoldenConditionalTuningTest.java"),
            entry("prompt", "peft/GoldenVirtualTokensTest.java"),
            entry("prompt-conditional", "peft/GoldenConditionalTuningTest.java")));

    @Test
    void everyCheckIsHeldByATest() {
        var checks = new TreeSet<String>();
        folders(GOLDEN).values().forEach(family -> checks.addAll(folders(family).keySet()));

        assertThat(HELD_BY.keySet()).isEqualTo(checks);
        assertThat(HELD_BY.values())
                .allSatisfy(test -> assertThat(TESTS.resolve(test)).isRegularFile());
    }

    @Test
    void readmeHasTheTableOfTheFoldersThereAre() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertThat(readme).contains(BEGIN, END);
        if (System.getProperty("attune.readme", "").equals("write")) {
            readme = readme.substring(0, begin) + table() + readme.substring(end);
            Files.writeString(README, readme);
            end = readme.indexOf(END);
        }

        assertThat(readme.substring(begin, end)).isEqualTo(table());
    }

    private static String table() {
        var rows = new StringBuilder(row(
                "family",
                HELD_BY.entrySet().stream()
                        .map(held -> "[" + held.getKey() + "](tune/src/test/java/dev/attune/" + held.getValue() + ")")
                        .toList()));
        rows.append(row("---", HELD_BY.keySet().stream().map(check -> ":-:").toList()));
        folders(GOLDEN).forEach((family, folder) -> {
            var checks = folders(folder).keySet();
            rows.append(row(
                    family,
                    HELD_BY.keySet().stream()
                            .map(check -> checks.contains(check) ? "✓" : "")
                            .toList()));
        });
        return rows.toString();
    }

    private static String row(String first, Collection<String> cells) {
        return "| " + first + " | " + String.join(" | ", cells) + " |\n";
    }

    private static Map<String, Path> folders(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .collect(Collectors.toMap(
                            entry -> entry.getFileName().toString(),
                            entry -> entry,
                            (one, other) -> one,
                            TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
