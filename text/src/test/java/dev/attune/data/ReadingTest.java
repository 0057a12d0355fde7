package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {
    private static final List<Example> TWO = List.of(new Example("007", "a"), new Example("2021-01-02", "b"));

    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        return bytes(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Path bytes(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static List<Example> read(Path file) {
        return Dataset.read(file, ReadOptions.defaults()).examples();
    }

    private static void fails(Path file, ReadOptions options, String... parts) {
        assertThatThrownBy(() -> Dataset.read(file, options))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void readsEveryFormatAsTheStringsThatStandInIt() throws IOException, SQLException {
        assertThat(read(file("a.csv", "text,label\r\n007,a\r\n2021-01-02,b\r\n")))
                .isEqualTo(TWO);
        assertThat(read(file("a.tsv", "label\ttext\na\t007\nb\t2021-01-02"))).isEqualTo(TWO);
        assertThat(read(file(
                        "a.jsonl", "{\"text\":\"007\",\"label\":\"a\"}\n{\"label\":\"b\",\"text\":\"2021-01-02\"}\n")))
                .isEqualTo(TWO);
        assertThat(read(file(
                        "a.json", "[{\"text\":\"007\",\"label\":\"a\"},\n{\"text\":\"2021-01-02\",\"label\":\"b\"}]")))
                .isEqualTo(TWO);
        Path parquet = folder.resolve("a.parquet");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("COPY (SELECT * FROM (VALUES ('007', 'a'), ('2021-01-02', 'b')) t(text, label)) TO '"
                    + parquet + "' (FORMAT parquet)");
        }
        assertThat(read(parquet)).isEqualTo(TWO);
    }

    @Test
    void readsGzippedFiles() throws IOException {
        for (String name : List.of("a.csv.gz", "a.jsonl.gz")) {
            Path file = folder.resolve(name);
            try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
                String content = name.contains("csv") ? "text\nhé\n" : "{\"text\":\"hé\"}\n";
                out.write(content.getBytes(StandardCharsets.UTF_8));
            }
            assertThat(read(file)).containsExactly(new Example("hé", null));
        }
        byte[] whole = Files.readAllBytes(folder.resolve("a.csv.gz"));
        fails(
                bytes("cut.csv.gz", java.util.Arrays.copyOf(whole, whole.length - 9)),
                ReadOptions.defaults(),
                "cut.csv.gz is not a whole gzip file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"latin-1", "utf-16", "utf-16le", "windows-1252", "utf-8"})
    void readsOtherEncodings(String encoding) throws IOException {
        var options = ReadOptions.builder().encoding(encoding).build();
        Charset charset = options.charset();
        Path file = bytes("a.csv", "text,label\ncrème brûlée,é\n".getBytes(charset));
        assertThat(Dataset.read(file, options).examples()).containsExactly(new Example("crème brûlée", "é"));
    }

    @Test
    void leavesOutAByteOrderMark() throws IOException {
        assertThat(read(file("a.csv", "\uFEFFtext,label\nx,y\n"))).containsExactly(new Example("x", "y"));
        assertThat(read(file("a.txt", "\uFEFFx\n"))).containsExactly(new Example("x", null));
        assertThat(read(file("a.jsonl", "\uFEFF{\"text\":\"x\"}\n"))).containsExactly(new Example("x", null));
        var utf16 = ReadOptions.builder().encoding("utf-16le").build();
        Path file = bytes("b.csv", "\uFEFFtext,label\nx,y\n".getBytes(StandardCharsets.UTF_16LE));
        assertThat(Dataset.read(file, utf16).examples()).containsExactly(new Example("x", "y"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "it's.csv",
                "x*.csv",
                "what?[1].csv",
                "{a,b}.csv",
                "a b;--.csv",
                "label=5/f.csv",
                "\"q\".csv",
                "back\\slash.csv",
                "%20$HOME.csv",
                "data.gz.csv"
            })
    void takesAFileNameForNothingElse(String name) throws IOException {
        file("xy.csv", "text,label\nwrong,wrong\n");
        file("what11.csv", "text,label\nwrong,wrong\n");
        file("a.csv", "text,label\nwrong,wrong\n");
        assertThat(read(file(name, "text,label\nx,y\n"))).containsExactly(new Example("x", "y"));
    }

    @Test
    void joinsTextColumnsAndSkipsEmptyOnes() throws IOException {
        var options = ReadOptions.builder()
                .textColumns("title", "body")
                .textSeparator(" | ")
                .labelColumn("kind")
                .build();
        assertThat(Dataset.read(file("a.csv", "title,body,kind\na,b,x\n,c,y\n"), options)
                        .examples())
                .containsExactly(new Example("a | b", "x"), new Example("c", "y"));
    }

    @Test
    void guessesColumnsAndHeader() throws IOException {
        var expected = new Example("x y", "z");
        for (String content : List.of(
                "Tweet text,Label,ID\nx y,z,1\n",
                "v1,v2,,\nz,x y,,\n",
                "idx,sentence,category\n1,x y,z\n",
                "Label,whatever\nz,x y\n")) {
            assertThat(read(file("a.csv", content))).as(content).containsExactly(expected);
        }
        assertThat(read(file("a.csv", "text\nx\n"))).containsExactly(new Example("x", null));
        assertThat(read(file("a.csv", "x\ny\n"))).extracting(Example::text).containsExactly("x", "y");
    }

    @Test
    void takesColumnsByPositionWhereThereIsNoHeader() throws IOException {
        var options = ReadOptions.builder().labelColumn("0").textColumns("1").build();
        assertThat(Dataset.read(file("a.csv", "ham,hello\nspam,win\n"), options).examples())
                .containsExactly(new Example("hello", "ham"), new Example("win", "spam"));
    }

    @Test
    void namesLabelsAndKeepsTheirOrder() throws IOException {
        var options = ReadOptions.builder()
                .labelNames(new java.util.LinkedHashMap<>(Map.of("1", "ironic")))
                .build();
        assertThat(Dataset.read(file("a.csv", "text,label\nx,1\n"), options)
                        .labels()
                        .names())
                .containsExactly("ironic");
        fails(file("b.csv", "text,label\nx,1\ny,2\n"), options, "row 2: the label '2' has no name", "for 1.");
    }

    @Test
    void readsLinesWithTheLabelFirstOrInASecondFile() throws IOException {
        var first = ReadOptions.builder().labelSeparator(" ").build();
        assertThat(Dataset.read(file("a.txt", "0 a b\r\n1 c\rd\n"), first).examples())
                .containsExactly(new Example("a b", "0"), new Example("c\rd", "1"));
        fails(file("b.txt", "0 a\nnothing\n"), first, "line 2: no label stands before a ' '");
        var second =
                ReadOptions.builder().labelsFile(file("labels.txt", "0\n1\n")).build();
        assertThat(Dataset.read(file("c.txt", "a\nb\n"), second).examples())
                .containsExactly(new Example("a", "0"), new Example("b", "1"));
        fails(file("d.txt", "a\nb\nc\n"), second, "labels.txt ends after line 2, but", "d.txt goes on");
    }

    @Test
    void readsWhatAQueryGives() throws IOException {
        Path file = file("a.csv", "text,label,lang\nx,1,en\ny,2,de\nz,3,en\n");
        var named = ReadOptions.builder()
                .sql("SELECT label, upper(text) AS text FROM data WHERE lang = 'en' ORDER BY label DESC; -- all")
                .build();
        assertThat(Dataset.read(file, named).examples()).containsExactly(new Example("Z", "3"), new Example("X", "1"));
        var byPath = named.toBuilder()
                .sql("SELECT text, label FROM '" + file + "' LIMIT 1")
                .build();
        assertThat(Dataset.read(file, byPath).examples()).containsExactly(new Example("x", "1"));
        fails(file, named.toBuilder().sql("SELECT nothing FROM data").build(), "The query on", "nothing");
        fails(file, named.toBuilder().sql("DROP TABLE data").build(), "The query on");
    }

    @Test
    void namesTheLineOfAStrayQuote() throws IOException {
        var lines = new StringBuilder("label\ttext\n");
        for (int i = 0; i < 200_000; i++) {
            lines.append("ham\tthis is a message, number ").append(i).append('\n');
        }
        Path late = file("late.tsv", lines + "spam\t\"Win\" now\nham\tbye\n");
        fails(late, ReadOptions.defaults(), "late.tsv, line 200002", "--quote none");
        var unquoted = ReadOptions.builder().quote("none").build();
        assertThat(Dataset.read(late, unquoted).size()).isEqualTo(200_002);
        fails(file("never.csv", "text,label\n\"x,y\n"), ReadOptions.defaults(), "line 2", "--quote none");
        fails(file("head.csv", "\"text,label\nx,y\n"), ReadOptions.defaults(), "line 1", "--quote none");
    }

    @Test
    void refusesALineThatAPairOfStrayQuotesWouldSwallow() throws IOException {
        String sms = "ham\tone\nham\t\"two\nspam\tthree\nham\tfour\"\nspam\tfive\n";
        Path file = file("a.tsv", sms);
        var byPosition = ReadOptions.builder().labelColumn("0").textColumns("1").build();
        fails(file, byPosition, "row 2", "--quote none");
        assertThat(Dataset.read(file, byPosition.toBuilder().quote("none").build())
                        .size())
                .isEqualTo(5);
        assertThat(Dataset.read(file, byPosition.toBuilder().quote("\"").build())
                        .size())
                .isEqualTo(3);
        Path last = file("b.csv", "text,label\nx,a\n\"y,a\nz\",b\n");
        fails(last, ReadOptions.defaults(), "row 2", "--quote none");
        assertThat(read(file("c.csv", "text,label\n\"two\nlines, really\",a\n")))
                .containsExactly(new Example("two\nlines, really", "a"));
    }

    @Test
    void namesTheLineThatHasTooManyColumns() throws IOException {
        fails(
                file("a.csv", "text,label\nx,y\none, two,z\n"),
                ReadOptions.defaults(),
                "a.csv, line 3: found 3 columns where the first line has 2");
        fails(file("b.csv", "text,label\nx,y\nz\n"), ReadOptions.defaults(), "line 3: found 1 columns");
    }

    @Test
    void saysWhatIsWrongWithAPath() throws IOException {
        Path file = file("train.csv", "text,label\nx,y\n");
        fails(folder.resolve("trian.csv"), ReadOptions.defaults(), "There is no file", "Did you mean train.csv?");
        fails(folder.resolve("elsewhere/x.csv"), ReadOptions.defaults(), "There is no file");
        fails(folder, ReadOptions.defaults(), folder + " is a folder; give a file in it.");
        Path unknown = Files.copy(file, folder.resolve("train.dat"));
        fails(unknown, ReadOptions.defaults(), "The ending of", "--format");
    }

    @Test
    void listsTheColumnsThereAre() throws IOException {
        Path file = file("a.csv", "foo,bar,baz\n1,2,3\n");
        var text = ReadOptions.builder().textColumns("text").build();
        fails(file, text, "has no column 'text'; its columns are foo, bar, baz", "--text-column");
        fails(file, text.toBuilder().textColumns("foo").labelColumn("l").build(), "no column 'l'", "--label-column");
        fails(file, ReadOptions.builder().header(true).build(), "foo, bar, baz", "--text-column");
        fails(file("b.csv", "text;label\nx;y\n"), text, "text;label", "--delimiter");
    }

    @Test
    void saysWhenThereIsNothingToRead() throws IOException {
        fails(file("a.csv", ""), ReadOptions.defaults(), "a.csv is empty");
        fails(file("b.csv", "text,label\n"), ReadOptions.defaults(), "b.csv has no rows");
        fails(file("c.txt", ""), ReadOptions.defaults(), "c.txt has no rows");
        fails(file("d.jsonl", ""), ReadOptions.defaults(), "d.jsonl");
    }

    @Test
    void namesByteAndLineThatCannotBeDecoded() throws IOException {
        byte[] latin = "text,label\nok,a\ncr\u00e8me,b\n".getBytes(StandardCharsets.ISO_8859_1);
        for (String name : List.of("a.csv", "a.txt", "a.jsonl")) {
            fails(
                    bytes(name, latin),
                    ReadOptions.defaults(),
                    name + ", line 3: byte 0xE8 at offset 18 is not UTF-8",
                    "--encoding");
        }
        fails(bytes("cut.csv", new byte[] {'a', '\n', (byte) 0xC3}), ReadOptions.defaults(), "line 2", "offset 2");
    }

    @Test
    void failsOnDropsOrKeepsEmptyTexts() throws IOException {
        Path file = file("a.csv", "text,label\nx,a\n  ,b\n\"\",b\n");
        fails(file, ReadOptions.defaults(), "row 2: the text is empty (2 of 3 rows)", "--empty-text");
        var drop = ReadOptions.builder().emptyText(EmptyText.DROP).build();
        assertThat(Dataset.read(file, drop).texts()).containsExactly("x");
        var keep = ReadOptions.builder().emptyText(EmptyText.KEEP).build();
        assertThat(Dataset.read(file, keep).texts()).containsExactly("x", "  ", "");
    }

    @Test
    void refusesOptionsThatCannotBe() {
        for (var builder : List.of(
                ReadOptions.builder().delimiter("::"),
                ReadOptions.builder().quote("''"),
                ReadOptions.builder().encoding("klingon"),
                ReadOptions.builder().labelSeparator(""))) {
            assertThatThrownBy(builder::build).isInstanceOf(InputException.class);
        }
    }

    @Test
    void saysWhatIsNoJsonOrParquet() throws IOException {
        fails(file("a.jsonl", "{\"text\":\"x\"}\n{\"text\":\n"), ReadOptions.defaults(), "a.jsonl");
        fails(file("a.parquet", "text,label\n"), ReadOptions.defaults(), "a.parquet cannot be read as PARQUET");
    }
}
