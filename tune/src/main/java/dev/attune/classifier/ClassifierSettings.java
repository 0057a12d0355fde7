package dev.attune.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What Hugging Face's files have no place for: a classifier folder's attune.json.
 *
 * @param labels of an adapter, whose own files do not name them
 * @param baseModel of an adapter: what {@link dev.attune.checkpoint.ModelFolders} finds it by here
 * @param dtype of an adapter: what its base model was in when it was tuned
 * @param answer of a language model that answers with the labels' words; null for a head
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ClassifierSettings(
        Reading reading,
        @JsonProperty("max_length") int maxLength,
        @Nullable List<String> labels,
        @JsonProperty("base_model") @Nullable String baseModel,
        @Nullable String dtype,
        @Nullable Answer answer) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** A template around the text, and what is written for each label, in their order; see {@link LabelTemplate.Settings}. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Answer(String template, List<String> words, boolean endOfText, LabelScorer.Settings scoring) {}

    ClassifierSettings {
        Objects.requireNonNull(reading, "reading is missing");
        if (maxLength < 1) {
            throw new IllegalArgumentException("max_length is " + maxLength);
        }
    }

    ClassifierSettings withBase(@Nullable String base) {
        return new ClassifierSettings(reading, maxLength, labels, base, dtype, answer);
    }

    /** Of a classifier with a head. */
    ClassifierSettings(Reading reading, int maxLength, @Nullable List<String> labels, @Nullable String baseModel) {
        this(reading, maxLength, labels, baseModel, null, null);
    }

    ClassifierSettings withDtype(Dtype of) {
        return new ClassifierSettings(reading, maxLength, labels, baseModel, of.torchName(), answer);
    }

    /**
     * What the base model is loaded in: as asked for, else as it was tuned, but in bf16 only where the device is fast with it.
     * Null: as its file has it.
     */
    @Nullable Dtype loaded(@Nullable Dtype asked, Device device) {
        if (asked != null || dtype == null) {
            return asked;
        }
        Dtype tuned = Dtype.BF16.torchName().equals(dtype) ? Dtype.BF16 : Dtype.F32;
        return tuned == Dtype.BF16 && device.fastDtype() != Dtype.BF16 ? null : tuned;
    }

    /** Of a language model. */
    static ClassifierSettings of(LabelScorer scorer, String baseModel) {
        var template = scorer.template().settings();
        return new ClassifierSettings(
                Reading.LAST,
                template.maxLength(),
                scorer.labels().names(),
                baseModel,
                scorer.backbone().frozenDtype().torchName(),
                new Answer(template.template(), template.words(), template.endOfText(), scorer.settings()));
    }

    /** Null where there is no such file. */
    static @Nullable ClassifierSettings read(Path folder) {
        Path file = folder.resolve(Checkpoint.SETTINGS);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return JSON.readValue(file.toFile(), ClassifierSettings.class);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + " is not what Attune writes: "
                            + e.getOriginalMessage().lines().findFirst().orElse("") + ".",
                    e);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    void write(Path folder) {
        try {
            AtomicFile.writeString(
                    folder.resolve(Checkpoint.SETTINGS),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
