package dev.attune.explore.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.ProvidedFolders;
import dev.attune.data.Dataset;
import dev.attune.data.Format;
import dev.attune.data.ReadOptions;
import dev.attune.explore.baseline.Baselines;
import dev.attune.explore.baseline.Labelled;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real")
class SmsSpamTextRealTest {
    private static final Dataset SMS = Dataset.read(
            ProvidedFolders.data("sms_spam/SMSSpamCollection"),
            ReadOptions.builder()
                    .format(Format.TSV)
                    .quote("")
                    .header(false)
                    .labelColumn("0")
                    .textColumns("1")
                    .build());

    @Test
    void itsOddWordsRepeatsAndDoubtfulLabelsAreFound() {
        var profile = TextProfile.of(SMS, List.of(TextLengths.characters(SMS.texts())), 10);
        assertThat(profile.vocabulary().get(1).label()).isEqualTo("spam");
        assertThat(profile.vocabulary().get(1).words())
                .extracting(LabelVocabulary.Word::word)
                .contains("free", "txt", "call", "mobile");
        // Beside the 403 rows that repeat an earlier one to the letter, many differ in a number only.
        assertThat(profile.nearDuplicates().repeated()).isBetween(450, 900);
        assertThat(profile.oddities().found())
                .extracting(TextOddities.Oddity::kind)
                .contains(TextOddities.Kind.ENTITIES);
        var noise = LabelNoise.of(Labelled.texts(SMS), Baselines.TFIDF_LOGISTIC, 5, 1);
        // Spam by its label, chat by its words: somebody reading it doubts the label too.
        assertThat(noise.candidates()).hasSizeLessThan(50);
        assertThat(SMS.texts().get(noise.candidates().get(0).row()))
                .startsWith("Do you ever notice that when you're driving");
    }
}
