package dev.attune.peft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.AtomicFile;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** adapter_config.json: what is in the file and in no record is checked here, so that nothing is passed over. */
final class AdapterConfigFile {
    /** The version whose fields are written. */
    private static final String PEFT_VERSION = "0.21.2";

    /** Fields of every method that say nothing about what a trained adapter computes. */
    private static final String INERT = """
            {"auto_mapping": null, "inference_mode": true, "peft_version": "%s"}""".formatted(PEFT_VERSION);

    /** Initialisations that leave the base model as it is: A and B of the file are all there is. */
    private static final Set<String> PLAIN_INITIALISATIONS = Set.of("true", "false", "gaussian", "orthogonal", "eva");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private AdapterConfigFile() {}

    static AdapterConfig read(Path folder) {
        Path file = folder.resolve(Checkpoint.ADAPTER_CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new InputException(folder + " holds no adapter: it has no " + Checkpoint.ADAPTER_CONFIG + ".");
        }
        ObjectNode fields = parse(file);
        PeftType type = type(file, fields);
        fields.remove("peft_type");
        fields.remove("runtime_config"); // of the process that saved it, as peft says
        fields.remove(names(tree(INERT)));
        fields.remove(names(tree(type.inert())));
        requireOff(file, type, fields);
        ObjectNode complete = tree(type.defaults());
        names(fields).stream()
                .filter(name -> !fields.get(name).isNull())
                .forEach(name -> complete.set(name, fields.get(name)));
        try {
            return JSON.treeToValue(complete, type.config());
        } catch (JsonMappingException e) {
            String field = e.getPath().isEmpty() ? null : e.getPath().get(0).getFieldName();
            if (e.getCause() instanceof InputException cause) {
                throw new InputException(file + ": " + (field == null ? "" : field + ": ") + cause.getMessage(), cause);
            }
            String reason =
                    e.getOriginalMessage().lines().findFirst().orElse("").replaceFirst(" \\(.*", "");
            throw new InputException(
                    file + ": " + (field == null ? "a field" : field) + " cannot be read: " + reason + ".", e);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the fields that are in no record, once each is found to be off. */
    private static void requireOff(Path file, PeftType type, ObjectNode fields) {
        ObjectNode unused = tree(type.unused());
        Set<String> components = Arrays.stream(type.config().getRecordComponents())
                .map(component -> snakeCase(component.getName()))
                .collect(Collectors.toSet());
        for (String name : names(fields)) {
            JsonNode value = fields.get(name);
            if (components.contains(name)) {
                continue;
            }
            boolean known = unused.has(name);
            boolean off = isNothing(value)
                    || value.equals(unused.get(name))
                    || (name.equals("init_lora_weights") && PLAIN_INITIALISATIONS.contains(value.asText()));
            if (!off) {
                throw new InputException(file + " sets " + name + " to " + value + ", which is "
                        + (known ? "not supported" : "no field that is known for " + type)
                        + " and may change what the adapter computes.");
            }
            fields.remove(name);
        }
    }

    /** Null, false, and what is empty: how a feature of peft says that it is not used. */
    private static boolean isNothing(JsonNode value) {
        return value.isNull()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isContainerNode() && value.isEmpty());
    }

    static void write(Path folder, AdapterConfig config, @Nullable String base, @Nullable String revision) {
        PeftType type = config.peftType();
        ObjectNode all = JSON.valueToTree(config);
        all.put("base_model_name_or_path", base);
        all.put("revision", revision);
        all.put("peft_type", type.name());
        all.setAll(tree(INERT));
        all.setAll(tree(type.inert()));
        all.setAll(tree(type.unused()));
        var sorted = new TreeMap<String, JsonNode>();
        all.properties().forEach(field -> {
            boolean alpha = field.getKey().contains("alpha");
            sorted.put(field.getKey(), alpha ? wholeNumbers(field.getValue()) : field.getValue());
        });
        try {
            String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(sorted);
            AtomicFile.writeString(folder.resolve(Checkpoint.ADAPTER_CONFIG), text + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** 16 rather than 16.0: peft's alphas are whole numbers as a rule. */
    private static JsonNode wholeNumbers(JsonNode value) {
        if (value instanceof DoubleNode number && number.doubleValue() == Math.rint(number.doubleValue())) {
            return new IntNode(number.intValue());
        }
        if (value instanceof ObjectNode object) {
            names(object).forEach(name -> object.set(name, wholeNumbers(object.get(name))));
        }
        return value;
    }

    private static PeftType type(Path file, ObjectNode fields) {
        String name = fields.path("peft_type").asText();
        return Arrays.stream(PeftType.values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException(file + " has the peft_type \"" + name
                        + "\", which is not supported; these are: "
                        + Arrays.stream(PeftType.values()).map(Enum::name).collect(Collectors.joining(", ")) + "."));
    }

    private static ObjectNode parse(Path file) {
        try {
            if (JSON.readTree(file.toFile()) instanceof ObjectNode object) {
                return object;
            }
            throw new InputException(file + " is no JSON object.");
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + " is not valid JSON: line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ".",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static ObjectNode tree(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(ObjectNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
    }
}
