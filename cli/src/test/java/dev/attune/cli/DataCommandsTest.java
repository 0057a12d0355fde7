package dev.attune.cli;

import static dev.attune.cli.CommandRun.attune;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.data.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandsTest {
    @TempDir
    private Path folder;

    private String mails;

    @BeforeEach
    void writeMails() throws IOException {
        var csv = new StringBuilder("body,team\n");
        for (int i = 0; i < 30; i++) {
            csv.append("please pay bill ").append(i).append(",billing\n");
        }
        for (int i = 0; i < 9; i++) {
            csv.append("my parcel ").append(i).append(" is lost,delivery\n");
        }
        csv.append("please pay bill 0,delivery\n");
        mails = Files.writeString(folder.resolve("mails.csv"), csv).toString();
    }

    @Test
    void describeShowsRowsLabelsLengthsAndConflicts() {
        var run = attune("data", "describe", mails, "--text-column", "body", "--label-column", "team");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("40 rows, 2 labels")
                .containsPattern("billing +30 +75\\.0%")
                .containsPattern("delivery +10 +25\\.0%")
                .containsPattern("characters +17 +18 +19 +19 +19")
                .contains("1 rows repeat an earlier text, 1 texts stand under different labels.")
                .contains("billing and delivery: please pay bill 0");
    }

    @Test
    void describeAsJsonIsOneObject() throws IOException {
        var run = attune("data", "describe", mails, "--text-column", "body", "--label-column", "team", "--json");
        var json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("rows").asInt()).isEqualTo(40);
        assertThat(json.at("/labels/delivery").asInt()).isEqualTo(10);
        assertThat(json.at("/characters/max").asInt()).isEqualTo(19);
        assertThat(json.get("duplicate_rows").asInt()).isOne();
        assertThat(run.out().lines()).hasSize(1);
    }

    @Test
    void describeTellsOfWordsNearDuplicatesOdditiesAndDoubtfulLabels() throws IOException {
        var csv = new StringBuilder("body,team\n");
        for (int i = 0; i < 40; i++) {
            csv.append("please pay bill number ")
                    .append(i)
                    .append(" of account A")
                    .append(i * 7919 % 1009)
                    .append(",")
                    .append(i == 5 ? "delivery" : "billing")
                    .append("\n");
            csv.append("parcel ")
                    .append(i * 104729 % 1013)
                    .append(" got lost on the way to street ")
                    .append(i)
                    .append(",delivery\n");
        }
        csv.append("the caf\u00c3\u00a9 &amp; bar is closed for the parcel,delivery\n");
        csv.append("the parcel was never brought to the house of my aunt,delivery\n");
        csv.append("the parcel was never brought to the house of my aunts,delivery\n");
        String file = Files.writeString(folder.resolve("odd.csv"), csv).toString();
        var options = new String[] {
            "data", "describe", file, "--text-column", "body", "--label-column", "team", "--label-noise"
        };
        var run = attune(options);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsPattern("billing +.*(bill|pay|account)")
                .containsPattern("delivery +.*parcel")
                .contains("2 times: the parcel was never brought")
                .contains("1 row has UTF-8 that was read as")
                .contains("1 row has HTML entities")
                .containsPattern("row 11: delivery 0\\.\\d+, billing 0\\.\\d+: please pay bill number 5");
        options = Arrays.copyOf(options, options.length + 1);
        options[options.length - 1] = "--json";
        var json = new ObjectMapper().readTree(attune(options).out());
        assertThat(json.at("/label_noise/0/row").asInt()).isEqualTo(10);
        assertThat(json.at("/near_duplicates/groups").size()).isPositive();
        assertThat(json.at("/vocabulary/0/words/0/texts").asInt()).isPositive();
        assertThat(json.at("/lengths/0/histogram").size()).isPositive();
        assertThat(json.get("oddities")).hasSize(2);
    }

    @Test
    void describeNamesTheColumnsThereAreWhenTheOneAskedForIsMissing() {
        var run = attune("data", "describe", mails, "--text-column", "bdy");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("attune: ").contains("bdy").contains("body, team");
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void splitWritesThePartsAndSaysWhatLeaks() {
        var out = folder.resolve("parts");
        var run = attune(
                "data",
                "split",
                mails,
                "--text-column",
                "body",
                "--label-column",
                "team",
                "--split",
                "0.6,0.2,0.2",
                "--split-seed",
                "3",
                "--out",
                out.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        var parts = Split.read(out);
        assertThat(parts.train().size()).isEqualTo(24);
        assertThat(parts.validation().size()).isEqualTo(8);
        assertThat(parts.test().counts()).containsEntry("billing", 6).containsEntry("delivery", 2);
        assertThat(run.out())
                .containsPattern("train\\.csv +24 +billing 18, delivery 6")
                .contains(parts.leaks().summary());
    }

    @Test
    void splitTakesTheSameRowsForTheSameSeed() {
        for (String name : new String[] {"one", "two"}) {
            var run = attune(
                    "data",
                    "split",
                    mails,
                    "--text-column",
                    "body",
                    "--label-column",
                    "team",
                    "--balance",
                    "1",
                    "--seed",
                    "9",
                    "--out",
                    folder.resolve(name).toString());
            assertThat(run.code()).isZero();
        }
        assertThat(folder.resolve("one/train.csv")).hasSameTextualContentAs(folder.resolve("two/train.csv"));
        assertThat(Split.read(folder.resolve("one")).train().counts().values()).containsOnly(7);
    }

    @Test
    void aShareThatDoesNotFitIsWrongUsage() {
        var run = attune("data", "split", mails, "--split", "0.5,0.1", "--out", folder.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--split").contains("See 'attune data split --help'");
    }

    @Test
    void listTellsEachKnownSetAndItsLabels() throws IOException {
        var run = attune("data", "list", "--json");
        assertThat(run.code()).isZero();
        var first = new ObjectMapper().readTree(run.out().lines().findFirst().orElseThrow());
        assertThat(first.get("name").asText()).isEqualTo("sms-spam");
        assertThat(first.get("labels")).hasSize(2);
    }

    @Test
    void getNamesTheNearestKnownSet() {
        var run = attune("data", "get", "sms-spm");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("sms-spam");
    }

    @Test
    void aGroupWithoutACommandShowsItsHelp() {
        var run = attune("data");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("describe").contains("split");
    }
}
