package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.attune.files.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The known sets as their sources have them: what is read is what `wc` and their papers say. */
@Tag("real")
class RealDataTest {
    private static final ReadOptions SMS = ReadOptions.builder()
            .format(Format.TSV)
            .quote("none")
            .header(false)
            .labelColumn("0")
            .textColumns("1")
            .build();

    private static Path data(String name) {
        String given = System.getenv("ATTUNE_DATA");
        Path file = Path.of(given == null ? "../../shared/data" : given).resolve(name);
        assertThat(Files.exists(file))
                .as("%s is missing: set ATTUNE_DATA to the folder that holds the data sets", file.toAbsolutePath())
                .isTrue();
        return file;
    }

    @Test
    void readsTheSmsSpamCollectionRaw() {
        var sms = Dataset.read(data("sms_spam/SMSSpamCollection"), SMS);
        assertThat(sms.size()).isEqualTo(5574);
        assertThat(sms.counts()).containsExactly(entry("ham", 4827), entry("spam", 747));
        assertThat(sms.duplicates().rows()).isEqualTo(403);
        assertThat(sms.balanced(123).counts()).containsExactly(entry("ham", 747), entry("spam", 747));
    }

    @Test
    void refusesTheSmsSpamCollectionReadWithQuotes() {
        var quoted = SMS.toBuilder().quote("\"").build();
        assertThatThrownBy(() -> Dataset.read(data("sms_spam/SMSSpamCollection"), quoted))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 283")
                .hasMessageContaining("--quote none");
    }

    @Test
    void readsBanking77() {
        var train = Dataset.read(data("banking77/train.csv"), ReadOptions.defaults());
        assertThat(train.size()).isEqualTo(10003);
        assertThat(train.labels().size()).isEqualTo(77);
        assertThat(train.texts().stream().filter(text -> text.contains("\n"))).hasSize(10);
        var test =
                Dataset.read(data("banking77/test.csv"), ReadOptions.defaults()).withLabels(train.labels());
        assertThat(test.size()).isEqualTo(3080);
        assertThat(test.counts().values()).containsOnly(40);
    }

    @Test
    void readsTwitterComplaintsAlsoWhereTheLabelsAreMissing() {
        var train = Dataset.read(data("raft/twitter_complaints/train.csv"), ReadOptions.defaults());
        assertThat(train.counts()).containsExactly(entry("complaint", 17), entry("no complaint", 33));
        var test = Dataset.read(data("raft/twitter_complaints/test_unlabeled.csv"), ReadOptions.defaults());
        assertThat(test.size()).isEqualTo(3399);
        assertThat(test.labelled()).isZero();
    }

    @Test
    void readsTheStanfordSentimentTreebank() {
        var options = ReadOptions.builder()
                .format(Format.LINES)
                .labelSeparator(" ")
                .labelNames(names("0", "negative", "1", "positive"))
                .build();
        assertThat(Dataset.read(data("sst/stsa.binary.train"), options).counts())
                .containsExactly(entry("negative", 3310), entry("positive", 3610));
        assertThat(Dataset.read(data("sst/stsa.binary.dev"), options).size()).isEqualTo(872);
        assertThat(Dataset.read(data("sst/stsa.binary.test"), options).size()).isEqualTo(1821);
    }

    @Test
    void readsTrecInLatin1() {
        var options = ReadOptions.builder()
                .format(Format.LINES)
                .labelSeparator(" ")
                .encoding("latin-1")
                .build();
        var train = Dataset.read(data("trec/TREC.train.all"), options);
        assertThat(train.size()).isEqualTo(5452);
        assertThat(train.labels().names()).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(Dataset.read(data("trec/TREC.test.all"), options).size()).isEqualTo(500);
    }

    @Test
    void saysWhereTrecIsNotUtf8() {
        var options =
                ReadOptions.builder().format(Format.LINES).labelSeparator(" ").build();
        assertThatThrownBy(() -> Dataset.read(data("trec/TREC.train.all"), options))
                .isInstanceOf(InputException.class)
                .hasMessageMatching("(?s).*line \\d+: byte 0x.. at offset \\d+ is not UTF-8.*--encoding.*");
    }

    @Test
    void readsTweetEvalsParallelFiles() {
        var irony = names("0", "not ironic", "1", "ironic");
        assertThat(tweetEval("irony", "train", irony).counts())
                .containsExactly(entry("not ironic", 1417), entry("ironic", 1445));
        assertThat(tweetEval("irony", "val", irony).size()).isEqualTo(955);
        assertThat(tweetEval("irony", "test", irony).size()).isEqualTo(784);
        var emotion = names("0", "anger", "1", "joy", "2", "optimism", "3", "sadness");
        assertThat(tweetEval("emotion", "train", emotion).size()).isEqualTo(3257);
        assertThat(tweetEval("emotion", "val", emotion).size()).isEqualTo(374);
        assertThat(tweetEval("emotion", "test", emotion).size()).isEqualTo(1421);
    }

    private static Dataset tweetEval(String task, String part, Map<String, String> labels) {
        var options = ReadOptions.builder()
                .labelsFile(data("tweeteval/" + task + "/" + part + "_labels.txt"))
                .labelNames(labels)
                .build();
        return Dataset.read(data("tweeteval/" + task + "/" + part + "_text.txt"), options);
    }

    private static Map<String, String> names(String... valuesAndNames) {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < valuesAndNames.length; i += 2) {
            names.put(valuesAndNames[i], valuesAndNames[i + 1]);
        }
        return names;
    }
}
