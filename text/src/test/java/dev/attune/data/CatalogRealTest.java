package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.ProvidedFolders;
import dev.attune.files.Download;
import dev.attune.files.Home;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalog's checksums, options and labels against the sets themselves. */
@Tag("real")
class CatalogRealTest {
    @TempDir
    Path home;

    @Test
    void readsEveryPartOfEverySet() {
        var catalog = new Catalog(new Home(home), List.of(ProvidedFolders.data("")), Download.Progress.NONE);
        var sizes = new LinkedHashMap<String, Integer>();
        for (String name : catalog.names()) {
            for (var part : catalog.datasets(name).entrySet()) {
                Dataset set = part.getValue();
                sizes.put(set.name(), set.size());
                boolean labelled = !part.getKey().equals("unlabelled");
                assertThat(set.labelled()).as(set.name()).isEqualTo(labelled ? set.size() : 0);
                if (labelled) {
                    assertThat(set.counts().values()).as(set.name()).doesNotContain(0);
                }
            }
        }
        assertThat(sizes)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("sms-spam/all", 5574),
                        Map.entry("twitter-complaints/train", 50),
                        Map.entry("twitter-complaints/unlabelled", 3399),
                        Map.entry("banking77/train", 10003),
                        Map.entry("banking77/test", 3080),
                        Map.entry("sst2/train", 6920),
                        Map.entry("sst2/validation", 872),
                        Map.entry("sst2/test", 1821),
                        Map.entry("trec/train", 5452),
                        Map.entry("trec/test", 500),
                        Map.entry("tweeteval-irony/train", 2862),
                        Map.entry("tweeteval-irony/validation", 955),
                        Map.entry("tweeteval-irony/test", 784),
                        Map.entry("tweeteval-emotion/train", 3257),
                        Map.entry("tweeteval-emotion/validation", 374),
                        Map.entry("tweeteval-emotion/test", 1421)));
        assertThat(catalog.dataset("sms-spam", "all").counts())
                .containsExactly(Map.entry("ham", 4827), Map.entry("spam", 747));
        assertThat(catalog.dataset("trec", "train").counts())
                .containsExactly(
                        Map.entry("DESC", 1162),
                        Map.entry("ENTY", 1250),
                        Map.entry("ABBR", 86),
                        Map.entry("HUM", 1223),
                        Map.entry("LOC", 835),
                        Map.entry("NUM", 896));
        assertThat(home).isEmptyDirectory();
    }
}
