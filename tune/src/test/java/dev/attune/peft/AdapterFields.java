package dev.attune.peft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Walks an adapter_config.json: no field of it may be passed over. */
final class AdapterFields {
    static final JsonMapper JSON = new JsonMapper();

    /** Values to give a field in turn; whatever its type, some of them are others than peft's default. */
    private static final List<String> OTHERS = List.of(
            "true",
            "3",
            "7",
            "0.25",
            "\"all\"",
            "\"TEXT\"",
            "\"LSTM\"",
            "\"TOKEN_CLS\"",
            "\"of another name\"",
            "[3]",
            "[\"of another name\"]",
            "{\"of another name\": 1}");

    /** Of the process that saved an adapter, or of its training before the first step: no result depends on them. */
    private static final Set<String> INERT = Set.of(
            "auto_mapping",
            "eva_config", // data of an initialisation, which A and B already have
            "inference_mode",
            "init_weights",
            "loftq_config", // likewise, and init_lora_weights says whether it was used
            "megatron_core", // only with megatron_config
            "peft_version",
            "qalora_group_size", // only with use_qalora
            "runtime_config");

    private AdapterFields() {}

    /**
     * Gives each field other values: it has to be read into the record or refused by its name, or be one of those that no result
     * depends on. The unaltered configuration has to be read.
     *
     * @param folder to write to; it is left with the unaltered configuration
     * @return the fields that some other value was read of
     */
    static Set<String> walk(ObjectNode config, Path folder) throws IOException {
        AdapterConfig unaltered = read(config, folder);
        var read = new TreeSet<String>();
        for (var field : config.properties()) {
            String name = field.getKey();
            if (name.equals("peft_type") || INERT.contains(name)) {
                continue;
            }
            var passedOver = new ArrayList<JsonNode>();
            for (String other : OTHERS) {
                JsonNode value = JSON.readTree(other);
                if (value.equals(field.getValue())) {
                    continue;
                }
                try {
                    if (read(config.deepCopy().set(name, value), folder).equals(unaltered)) {
                        passedOver.add(value);
                    } else {
                        read.add(name);
                    }
                } catch (InputException e) {
                    assertThat(e)
                            .hasMessageContaining(Checkpoint.ADAPTER_CONFIG)
                            .hasMessageContaining(name);
                }
            }
            assertThat(passedOver).as("values of %s that are passed over", name).isEmpty();
        }
        read(config, folder);
        return read;
    }

    private static AdapterConfig read(ObjectNode config, Path folder) throws IOException {
        Files.writeString(folder.resolve(Checkpoint.ADAPTER_CONFIG), JSON.writeValueAsString(config));
        return AdapterConfig.read(folder);
    }
}
