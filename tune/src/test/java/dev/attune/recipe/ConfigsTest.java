package dev.attune.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recipe in configs/: options that exist, values that fit, data that is there. */
class ConfigsTest {
    /** The project's folder, from the module's, in which Maven runs the tests. */
    static final Path PROJECT = Path.of("..");

    static List<Path> configs() throws IOException {
        try (Stream<Path> files = Files.list(PROJECT.resolve("configs"))) {
            var sorted = files.sorted().toList();
            assertThat(sorted)
                    .hasSizeGreaterThanOrEqualTo(6)
                    .allMatch(file -> file.toString().endsWith(".yaml"));
            return sorted;
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void isARecipeAfterAComment(Path config) throws IOException {
        assertThat(Files.readString(config)).startsWith("# ");
        var recipe = Recipe.read(config);
        assertThat(Recipe.defaults().with(recipe.toMap())).isEqualTo(recipe);
    }

    @ParameterizedTest
    @MethodSource("configs")
    void namesDataThatIsKnownOrInTheProject(Path config) {
        var data = Recipe.read(config).data();
        if (!Catalog.of(Map.of(), null, (source, done, total) -> {}).names().contains(data.data())) {
            assertThat(PROJECT.resolve(data.data())).isRegularFile();
        }
        if (data.testData() != null) {
            assertThat(PROJECT.resolve(data.testData())).isRegularFile();
        }
    }
}
