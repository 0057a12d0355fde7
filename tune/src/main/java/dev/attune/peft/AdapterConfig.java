package dev.attune.peft;

import dev.attune.checkpoint.BaseModel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An adapter's adapter_config.json as peft 0.21 writes it: a record for each method, whose components are named as the
 * file's fields. The method itself is {@code peft_type} there.
 */
public sealed interface AdapterConfig permits LoraConfig, PromptLearningConfig {
    PeftType peftType();

    /** Null where the adapter was saved without a task. */
    @Nullable TaskType taskType();

    /** The base model that the adapter was trained on: a folder, or owner/name on the hub. */
    @Nullable String baseModelNameOrPath();

    /** The base model's revision on the hub; null for its main branch. */
    @Nullable String revision();

    /**
     * Reads an adapter's folder.
     *
     * @throws dev.attune.files.InputException where there is no such file, or naming the field that is unknown, has a value
     *     that does not fit, or asks for what is not supported
     */
    static AdapterConfig read(Path folder) {
        return AdapterConfigFile.read(folder);
    }

    /** Writes adapter_config.json with every field that peft has for the method. */
    default void write(Path folder) {
        AdapterConfigFile.write(folder, this, baseModelNameOrPath(), revision());
    }

    /** Writes it with another name of the base model. */
    default void write(Path folder, BaseModel base) {
        AdapterConfigFile.write(folder, this, base.nameOrPath(), base.revision());
    }
}
