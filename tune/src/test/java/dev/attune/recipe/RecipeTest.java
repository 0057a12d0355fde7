package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.classifier.Reading;
import dev.attune.classifier.Unfreeze;
import dev.attune.data.Format;
import dev.attune.files.InputException;
import dev.attune.training.LearningRateSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
    @TempDir
    Path folder = Path.of("");

    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("recipes");
    }

    @AfterProperty
    void deleteFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("recipe.yaml"));
        Files.delete(folder);
    }

    @Test
    void readsBackWhatItWrote() {
        var recipe = Recipe.defaults()
                .with(Map.ofEntries(
                        Map.entry("data", "data: v2/é.csv"),
                        Map.entry("validation-data", Path.of("a: b/c d.csv")),
                        Map.entry("format", "tsv"),
                        Map.entry("delimiter", "\t"),
                        Map.entry("quote", "none"),
                        Map.entry("header", false),
                        Map.entry("text-column", List.of("title", "a, b")),
                        Map.entry("text-separator", " "),
                        Map.entry("label-column", "1"),
                        Map.entry("split", List.of(0.8, 0.0, 0.2)),
                        Map.entry("split-seed", 7L),
                        Map.entry("unfreeze", Unfreeze.last(3)),
                        Map.entry("reading", Reading.LAST_PADDED),
                        Map.entry("max-length", 120),
                        Map.entry("learning-rate", 5e-5),
                        Map.entry("lr-scheduler", LearningRateSchedule.COSINE),
                        Map.entry("adam-beta1", 0.8),
                        Map.entry("seed", -1L)));
        recipe.write(folder.resolve("recipe.yaml"));
        assertThat(Recipe.read(folder.resolve("recipe.yaml"))).isEqualTo(recipe);
        assertThat(Recipe.defaults().with(recipe.toMap())).isEqualTo(recipe);
    }

    @Property(tries = 300)
    void anyTextSurvivesTheFile(@ForAll String text) {
        if (text.chars()
                .anyMatch(
                        c -> Character.isISOControl(c) || !Character.isDefined(c) || Character.isSurrogate((char) c))) {
            return; // no option takes such
        }
        var recipe = Recipe.defaults().with(Map.of("text-separator", text, "data", text));
        recipe.write(folder.resolve("recipe.yaml"));
        assertThat(Recipe.read(folder.resolve("recipe.yaml"))).isEqualTo(recipe);
    }

    @Test
    void theDefaultsSurviveTheFile() {
        Recipe.defaults().write(folder.resolve("recipe.yaml"));
        assertThat(Recipe.read(folder.resolve("recipe.yaml"))).isEqualTo(Recipe.defaults());
    }

    @Test
    void flagsGoOverTheFileAndTheFileOverTheDefaults() throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), "# mine\nepochs: 7\nlearning-rate: 5e-5\n");
        var recipe = Recipe.read(file).with(Map.of("epochs", "2"));
        assertThat(recipe.training().epochs()).isEqualTo(2);
        assertThat(recipe.training().learningRate()).isEqualTo(5e-5);
        assertThat(recipe.training().batchSize())
                .isEqualTo(Recipe.defaults().training().batchSize());
    }

    @Test
    void takesStringsAndYamlsOwnTypesAlike() {
        var strings = Map.of(
                "split",
                "0.6, 0.2,0.2",
                "text-column",
                "title,body",
                "stratify",
                "false",
                "format",
                "json",
                "unfreeze",
                "last-2",
                "label-column",
                "0",
                "weight-decay",
                "1e-2",
                "seed",
                "3");
        var typed = Map.of(
                "split",
                List.of(0.6, 0.2, 0.2),
                "text-column",
                List.of("title", "body"),
                "stratify",
                false,
                "format",
                Format.JSON,
                "unfreeze",
                Unfreeze.last(2),
                "label-column",
                0,
                "weight-decay",
                0.01,
                "seed",
                3);
        assertThat(Recipe.defaults().with(strings)).isEqualTo(Recipe.defaults().with(typed));
        assertThat(Recipe.defaults().with(Map.of("text-column", 1)).data().textColumn())
                .containsExactly("1");
    }

    @Test
    void learningRateAndSplitSeedFollowWhatIsSet() {
        assertThat(Recipe.defaults().with(Map.of("unfreeze", "all")).learningRate())
                .isEqualTo(5e-5);
        assertThat(Recipe.defaults()
                        .with(Map.of("unfreeze", "all", "learning-rate", 1e-3))
                        .learningRate())
                .isEqualTo(1e-3);
        assertThat(Recipe.defaults().with(Map.of("seed", 5)).splitSeed()).isEqualTo(5);
        assertThat(Recipe.defaults().with(Map.of("seed", 5, "split-seed", 6)).splitSeed())
                .isEqualTo(6);
    }

    @Test
    void anUnknownKeyNamesTheNearest() throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), "learning_rate: 1\n");
        assertThatThrownBy(() -> Recipe.read(file))
                .isInstanceOf(InputException.class)
                .hasMessage("There is no option 'learning_rate' in a recipe. Did you mean 'learning-rate'?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            epochs               | two       | epochs is 'two'; it takes a whole number.
            epochs               | 2.5       | epochs is '2.5'; it takes a whole number.
            epochs               | ''        | epochs is ''; it takes a whole number.
            epochs               | 0         | epochs is 0; it has to be at least 1.
            seed                 | x         | seed is 'x'; it takes a whole number.
            max-length           | 0         | max-length is 0; it takes a number of tokens.
            learning-rate        | fast      | learning-rate is 'fast'; it takes a number.
            learning-rate        | 0         | learning-rate is 0.0; useful values lie between 1e-6 and 1e-1.
            weight-decay         | -1        | weight-decay is -1.0, which is out of range.
            weight-decay         | NaN       | weight-decay is NaN, which is out of range.
            warmup-ratio         | NaN       | warmup-ratio is NaN; it is a share of all steps, from 0 to below 1.
            max-grad-norm        | -1        | max-grad-norm is -1.0; it takes a norm, or 0 not to clip.
            stratify             | maybe     | stratify is 'maybe'; it takes true or false.
            lr-scheduler         | step      | lr-scheduler is 'step'; it takes constant, linear, cosine.
            reading              | first     | reading is 'first'; it takes last, cls, mean, last-padded.
            unfreeze             | 2         | unfreeze is '2'; it takes head, last-block, last-N (such as last-2) or all.
            split                | half      | split is 'half'; it takes a list of numbers.
            split                | 0.5,,0.5  | split is '0.5,,0.5'; it takes a list of numbers.
            split                | 0.5,0.5   | split is [0.5, 0.5]; it takes three shares that sum to 1, such as 0.7,0.1,0.2.
            split                | NaN,0,1   | split is [NaN, 0.0, 1.0]; it takes three shares that sum to 1, such as 0.7,0.1,0.2.
            balance              | 0.5       | balance is 0.5; it takes 1 (all classes as large as the smallest) or more, or 0 to leave them.
            dtype                | int8      | dtype is 'int8', which no model is trained in: it is for the weights of classifiers that are done (attune classify, evaluate --quantize int8).
            dtype                | float64   | dtype is 'float64'; it takes auto, float32 or bfloat16.
            trunk-cache-memory   | -1        | trunk-cache-memory is -1; it is a number of MiB, 0 or more.
            """)
    void aWrongValueIsOneSentenceThatNamesTheOption(String option, String value, String message) {
        assertThatThrownBy(() -> Recipe.defaults().with(Map.of(option, value)))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @Test
    void yamlsOwnTypesThatDoNotFitAreRefusedToo() {
        assertMessage("epochs", 2.7, "epochs is '2.7'; it takes a whole number.");
        assertMessage("epochs", true, "epochs is 'true'; it takes a whole number.");
        assertMessage("stratify", 1, "stratify is '1'; it takes true or false.");
        assertMessage("lr-scheduler", 1, "lr-scheduler is '1'; it takes constant, linear, cosine.");
        assertMessage("data", Map.of("file", "x"), "data is '{file=x}'; it takes a single word or text.");
        assertMessage("split", Arrays.asList(0.5, null), "split is '[0.5, null]'; it takes a list of numbers.");
        for (String option : List.of("epochs", "data", "split", "sampling-strategy", "lr-scheduler")) {
            assertThatThrownBy(() -> Recipe.defaults().with(Collections.singletonMap(option, null)))
                    .isInstanceOf(InputException.class)
                    .hasMessage(option + " has no value; leave it out for the default.");
        }
        var cleared = new HashMap<String, Object>(Map.of());
        cleared.put("learning-rate", null);
        assertThat(Recipe.defaults().with(Map.of("learning-rate", 1)).with(cleared))
                .isEqualTo(Recipe.defaults());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            epochs: 1\\nepochs: 2   | line 2
            epochs: [1\\n           | line 1, column 11
            - epochs               | not flat YAML
            ''                     | is empty
            # nothing              | is empty
            """)
    void aFileThatIsNoRecipeSaysWhere(String text, String where) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), text.replace("\\n", "\n"));
        assertThatThrownBy(() -> Recipe.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("recipe.yaml")
                .hasMessageContaining(where);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Recipe.read(folder.resolve("none.yaml")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.yaml");
    }

    @Test
    void everyOptionIsDescribedOnceInOneLine() {
        var options = Recipe.options();
        assertThat(options).allSatisfy(option -> {
            assertThat(option.description()).as(option.name()).isNotEmpty().hasLineCount(1);
            assertThat(option.name()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
        });
        assertThat(options).extracting(RecipeOption::name).doesNotHaveDuplicates();
        assertThat(options).extracting(RecipeOption::name).contains("adam-beta1", "gradient-accumulation-steps");
    }

    private static void assertMessage(String option, Object value, String message) {
        assertThatThrownBy(() -> Recipe.defaults().with(Map.of(option, value)))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }
}
