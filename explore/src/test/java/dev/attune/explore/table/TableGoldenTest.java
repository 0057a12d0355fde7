package dev.attune.explore.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.data.ReadOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same figures as pandas and scikit-learn; scripts/make_table_golden.py made them. */
class TableGoldenTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "table");
    private static final double RELATIVE = 1e-12;

    private static JsonNode golden;
    private static Table table;
    private static TableProfile profile;

    @BeforeAll
    static void open() throws IOException {
        golden = new ObjectMapper().readTree(new File(FOLDER.toFile(), "golden.json"));
        table = Table.open(FOLDER.resolve("people.csv"), ReadOptions.defaults());
        profile = TableProfile.of(table);
    }

    @AfterAll
    static void close() {
        table.close();
    }

    @Test
    void rowsMissingDistinctAndDuplicates() {
        assertThat(profile.rows()).isEqualTo(golden.get("rows").asLong());
        assertThat(profile.duplicateRows()).isEqualTo(golden.get("duplicates").asLong());
        assertThat(profile.incompleteRows()).isEqualTo(golden.get("incomplete").asLong());
        assertThat(profile.columns()).hasSize(golden.get("missing").size()).allSatisfy(column -> {
            assertThat(column.missing())
                    .isEqualTo(golden.at("/missing/" + column.name()).asLong());
            assertThat(column.distinct())
                    .isEqualTo(golden.at("/distinct/" + column.name()).asLong());
        });
    }

    @Test
    void describesNumbers() {
        assertThat(table.numeric()).isEqualTo(strings(golden.get("columns")));
        for (var column : profile.columns()) {
            var numbers = column.numbers();
            if (numbers == null) {
                continue;
            }
            var expected = golden.get("describe").get(column.name());
            assertThat((double) column.count()).isEqualTo(expected.get("count").asDouble());
            close(numbers.mean(), expected.get("mean"));
            close(Objects.requireNonNull(numbers.std()), expected.get("std"));
            close(numbers.min(), expected.get("min"));
            close(numbers.p25(), expected.get("25%"));
            close(numbers.p50(), expected.get("50%"));
            close(numbers.p75(), expected.get("75%"));
            close(numbers.max(), expected.get("max"));
            var outliers = golden.get("outliers").get(column.name());
            assertThat(numbers.iqrOutliers()).isEqualTo(outliers.get("iqr").asLong());
            assertThat(numbers.zOutliers()).isEqualTo(outliers.get("z").asLong());
        }
    }

    @Test
    void correlatesPairsOverTheRowsThatHaveBoth() {
        var correlations = Correlations.of(table);
        assertThat(correlations.columns()).isEqualTo(strings(golden.get("columns")));
        for (int a = 0; a < correlations.columns().size(); a++) {
            for (int b = 0; b < correlations.columns().size(); b++) {
                same(
                        correlations.pearson().get(a).get(b),
                        golden.get("pearson").get(a).get(b));
                same(
                        correlations.spearman().get(a).get(b),
                        golden.get("spearman").get(a).get(b));
            }
        }
        assertThat(correlations.spearmanRows()).isEqualTo(table.rows());
        var strongest = correlations.pairs().get(0);
        assertThat(strongest.a() + strongest.b()).isEqualTo("balancedebt");
    }

    @ParameterizedTest
    @EnumSource
    void scalesAsScikitLearn(Scaler.Method method) {
        double[][] rows = table.numbers(table.numeric());
        double[][] first = Arrays.copyOf(rows, golden.get("numbers").size());
        double[][] scaled = Scaler.fit(method, first).transform(first);
        JsonNode expected = golden.get(method.name().toLowerCase(Locale.ROOT));
        for (int r = 0; r < first.length; r++) {
            for (int c = 0; c < first[r].length; c++) {
                same(first[r][c], golden.get("numbers").get(r).get(c));
                same(scaled[r][c], expected.get(r).get(c));
            }
        }
    }

    private static void same(@Nullable Double actual, JsonNode expected) {
        if (expected.isNull()) {
            assertThat(actual == null || actual.isNaN()).isTrue();
        } else {
            close(Objects.requireNonNull(actual), expected);
        }
    }

    private static void close(double actual, JsonNode expected) {
        double tolerance = RELATIVE * Math.max(1, Math.abs(expected.asDouble()));
        assertThat(actual).isCloseTo(expected.asDouble(), Offset.offset(tolerance));
    }

    private static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
