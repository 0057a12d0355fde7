package dev.attune.explore.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.ReadOptions;
import dev.attune.explore.table.Scaler.Method;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    private static final Path PEOPLE = Path.of("src", "test", "resources", "table", "people.csv");

    @TempDir
    private Path folder;

    private Table table(String name, String content) throws IOException {
        return Table.open(Files.writeString(folder.resolve(name), content), ReadOptions.defaults());
    }

    private static TableProfile profile(Table table) {
        return TableProfile.of(table);
    }

    @Test
    void tellsTheKindsOfColumns() {
        try (var people = Table.open(PEOPLE, ReadOptions.defaults())) {
            assertThat(people.columns().stream().collect(Collectors.toMap(Column::name, Column::kind)))
                    .containsEntry("0", Kind.INTEGER)
                    .containsEntry("age", Kind.INTEGER)
                    .containsEntry("income", Kind.DECIMAL)
                    .containsEntry("children", Kind.INTEGER)
                    .containsEntry("city", Kind.CATEGORY)
                    .containsEntry("note", Kind.TEXT)
                    .containsEntry("joined", Kind.DATE)
                    .containsEntry("member", Kind.BOOLEAN)
                    .containsEntry("grade", Kind.MIXED)
                    .containsEntry("card", Kind.IDENTIFIER)
                    .containsEntry("nothing", Kind.EMPTY);
            assertThat(people.label()).isEqualTo("class");
        }
    }

    @Test
    void reportsOddValuesAndHowMissingOnesAreSpelled() throws IOException {
        var rows = IntStream.range(0, 100)
                .mapToObj(i -> i < 2 ? "3+,a" : i < 5 ? "?,NA" : i < 6 ? "inf, null " : i < 8 ? ",b" : i + ",b")
                .collect(Collectors.joining("\n"));
        try (var table = table("odd.csv", "n,word\n" + rows)) {
            var n = profile(table).columns().get(0);
            assertThat(n.kind()).isEqualTo(Kind.INTEGER);
            assertThat(n.count()).isEqualTo(92);
            assertThat(n.missing()).isEqualTo(8);
            assertThat(n.odd()).containsExactly(new ValueCount("3+", 2), new ValueCount("inf", 1));
            assertThat(n.oddCount()).isEqualTo(3);
            assertThat(n.missingAs()).containsExactly(new ValueCount("", 2), new ValueCount("?", 3));
            var word = profile(table).columns().get(1);
            assertThat(word.missingAs()).containsExactly(new ValueCount("NA", 3), new ValueCount(" null ", 1));
            assertThat(word.top()).containsExactly(new ValueCount("b", 94), new ValueCount("a", 2));
            assertThat(table.numbers(List.of("n"))[0][0]).isNaN();
            assertThat(table.words("n")).startsWith(null, null).endsWith("99");
        }
    }

    @Test
    void aColumnThatBeginsWithNumbersAndGoesOnWithWordsIsWords() throws IOException {
        var numbersFirst = IntStream.range(0, 24_000)
                .mapToObj(i -> (i < 12_000 ? "" + i : "w" + i % 7) + "," + (i < 12_000 ? "?" : "" + i))
                .collect(Collectors.joining("\n", "a,b\n", "\n"));
        try (var table = table("late.csv", numbersFirst)) {
            assertThat(table.columns()).containsExactly(new Column("a", Kind.MIXED), new Column("b", Kind.INTEGER));
            assertThat(table.words("a")).startsWith("0").endsWith("w" + 23_999 % 7);
            assertThat(profile(table).columns().get(1).missingAs()).containsExactly(new ValueCount("?", 12_000));
        }
    }

    @Test
    void numbersTooLongForADoubleStayAsTheyStand() throws IOException {
        var ids = IntStream.range(0, 24_000)
                .mapToObj(i -> i < 12_000 ? "" + i : "123456789012345" + (i + 100_000))
                .collect(Collectors.joining("\n", "id,size\n", "\n"))
                .replaceAll("(?m)$(?<=\\d)", ",1e200");
        try (var table = table("ids.csv", ids)) {
            assertThat(table.columns())
                    .containsExactly(new Column("id", Kind.IDENTIFIER), new Column("size", Kind.INTEGER));
            assertThat(profile(table).columns().get(0).distinct()).isEqualTo(24_000);
            assertThat(table.words("id")).endsWith("123456789012345123999");
        }
    }

    @Test
    void readsWhatTheDataSetReaderReads() throws IOException {
        var options = ReadOptions.builder().encoding("latin-1").delimiter(";").build();
        Path latin = Files.write(
                folder.resolve("a.csv"), "größe;ort\n1.5;Köln\n2;Ulm\n".getBytes(StandardCharsets.ISO_8859_1));
        try (var table = Table.open(latin, options)) {
            assertThat(table.columns().get(0)).isEqualTo(new Column("größe", Kind.DECIMAL));
            assertThat(table.words("ort")).containsExactly("Köln", "Ulm");
        }
        try (var table = table("a.jsonl", "{\"x\": 1, \"y\": null}\n{\"x\": 2.5, \"y\": \"b\"}\n")) {
            assertThat(table.numbers(table.numeric())).isDeepEqualTo(new double[][] {{1}, {2.5}});
            assertThat(table.words("y")).containsExactly(null, "b");
        }
        try (var table = Table.open(
                PEOPLE,
                ReadOptions.builder()
                        .sql("SELECT age, city FROM data WHERE city = 'Oslo'")
                        .build())) {
            assertThat(profile(table).columns().get(1).distinct()).isOne();
        }
    }

    @Test
    void theFirstRowNamesTheColumnsUnlessANumberStandsInIt() throws IOException {
        try (var table = table("head.csv", ",x,x\n1,2,3\n4,5,6\n")) {
            assertThat(table.numeric()).containsExactly("0", "x", "x.1");
        }
        try (var table = table("bare.csv", "1,a\n4,b\n")) {
            assertThat(table.rows()).isEqualTo(2);
            assertThat(table.numeric()).containsExactly("0");
        }
    }

    @Test
    void aRowOfAnotherWidthIsNamedByItsLine() throws IOException {
        String good = "1,2\n".repeat(50_000);
        assertThatThrownBy(() -> table("broken.csv", "a,b\n" + good + "1,2,3\n" + good))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 50002")
                .hasMessageContaining("3 columns");
    }

    @Test
    void emptyTablesAndUnknownColumnsAreHandled() throws IOException {
        try (var table = table("none.csv", "a,b\n")) {
            var profile = profile(table);
            assertThat(profile.rows()).isZero();
            assertThat(profile.columns())
                    .allSatisfy(column -> assertThat(column.kind()).isEqualTo(Kind.EMPTY));
            assertThat(Correlations.of(table).pairs()).isEmpty();
            assertThatThrownBy(() -> table.words("c"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("a, b");
        }
        try (var table = table("words.csv", "a,b\nx,1\n")) {
            assertThatThrownBy(() -> table.numbers(List.of("a"))).hasMessageContaining("holds no numbers");
            assertThat(Objects.requireNonNull(profile(table).columns().get(1).numbers())
                            .std())
                    .isNull();
        }
        assertThatThrownBy(() -> table("lines.txt", "one text\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is no table");
    }

    @Test
    void drawsTheSameRowsEachTimeInTheirOrder() throws IOException {
        var csv = IntStream.range(0, 5000).mapToObj(Integer::toString).collect(Collectors.joining("\n", "x\n", "\n"));
        try (var table = table("many.csv", csv)) {
            double[][] drawn = table.numbers(table.numeric(), 100);
            assertThat(drawn).isDeepEqualTo(table.numbers(table.numeric(), 100)).hasDimensions(100, 1);
            double[] values = Arrays.stream(drawn).mapToDouble(row -> row[0]).toArray();
            assertThat(values).isSorted().doesNotHaveDuplicates();
            assertThat(Arrays.stream(values).average().orElseThrow()).isBetween(2000.0, 3000.0);
        }
    }

    @Test
    void classBalanceKnowsTheLabelsOfNumbersToo() throws IOException {
        try (var table = table("y.csv", "x,class\n1,0\n2,0\n3,0\n4,1\n5,?\n")) {
            var balance = ClassBalance.of(table, "class");
            assertThat(balance.classes())
                    .extracting(ClassBalance.ClassCount::name)
                    .containsExactly("0", "1");
            assertThat(balance.classes().get(1).weight()).isEqualTo(4 / (2 * 1.0));
            assertThat(balance.missing()).isOne();
            assertThat(balance.imbalance()).isEqualTo(3);
            assertThat(balance.majority()).isEqualTo(0.75);
            assertThat(balance.evenness()).isCloseTo(0.811278, within(1e-6));
        }
    }

    @Test
    void scaleCheckNamesColumnsThatStandAsideAndWhatSuitsThem() throws IOException {
        var csv = new StringBuilder("row,small,usual,wide,steps,same,class\n");
        for (int i = 0; i < 200; i++) {
            double usual = Math.sin(i) * 2;
            double wide = i % 10 == 0 ? 1e6 * i : 1000 * Math.cos(i);
            csv.append(i)
                    .append(',')
                    .append(usual * 1.5)
                    .append(',')
                    .append(usual)
                    .append(',')
                    .append(wide)
                    .append(',')
                    .append(i % 5)
                    .append(",7,")
                    .append(i % 2)
                    .append('\n');
        }
        try (var table = table("scales.csv", csv.toString())) {
            var check = ScaleCheck.of(profile(table), table.label());
            assertThat(check.rowNumbers()).containsExactly("row");
            assertThat(check.constant()).containsExactly("same");
            assertThat(check.columns())
                    .extracting(ScaleCheck.Advice::column)
                    .containsExactly("small", "usual", "wide", "steps");
            assertThat(check.columns())
                    .extracting(ScaleCheck.Advice::needed)
                    .containsExactly(false, false, true, false);
            assertThat(check.columns())
                    .extracting(ScaleCheck.Advice::scaler)
                    .containsExactly(Method.STANDARD, Method.STANDARD, Method.ROBUST, Method.MIN_MAX);
            assertThat(check.ratio()).isGreaterThan(10);
        }
    }
}
