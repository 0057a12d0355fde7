package dev.attune.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.ModelFolders;
import dev.attune.files.InputException;
import dev.attune.peft.AdapterFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune adapter inspect}: what an adapter holds, also one that is not supported. */
@Command(
        name = "inspect",
        description = "What an adapter is for, what its configuration sets, and which tensors it has.",
        footer = {"", "Examples:", "  attune adapter inspect runs/spam", "  attune adapter inspect owner/name --json"})
final class AdapterInspect implements Callable<Integer> {
    /** Of the process that saved it, or repeated in the lines above. */
    private static final List<String> UNTOLD =
            List.of("auto_mapping", "inference_mode", "megatron_core", "qalora_group_size", "runtime_config");

    private final Console console;

    @Parameters(paramLabel = "ADAPTER", description = "A folder, or owner/name[@revision] on the hub.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String adapter;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    AdapterInspect(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Path folder;
        try (var progress = new Progress(console)) {
            folder = ModelFolders.fromEnvironment(progress::fetching).resolve(adapter);
        }
        if (!AdapterFolder.isAdapter(folder)) {
            throw new InputException(folder + " holds a model, not an adapter; see: attune models show " + adapter);
        }
        var facts = facts(folder);
        if (json) {
            Json.println(console.out(), facts);
        } else {
            var table = new Table();
            facts.forEach((name, value) -> table.row(
                    name, value instanceof List<?> list ? String.join(", ", list.toArray(String[]::new)) : value));
            table.print(console.out());
        }
        return 0;
    }

    private static Map<String, Object> facts(Path folder) throws IOException {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("folder", folder.toString());
        var config = new ObjectMapper()
                .readTree(folder.resolve(Checkpoint.ADAPTER_CONFIG).toFile());
        for (String first : List.of("peft_type", "task_type", "base_model_name_or_path")) {
            facts.put(first, config.path(first).asText());
        }
        config.properties().forEach(field -> {
            if (isSet(field.getValue()) && !UNTOLD.contains(field.getKey())) {
                facts.putIfAbsent(field.getKey(), told(field.getValue()));
            }
        });
        Path weights = folder.resolve(Checkpoint.ADAPTER_WEIGHTS);
        if (Files.exists(weights)) {
            try (var checkpoint = Checkpoint.ofFile(weights)) {
                tensors(checkpoint, facts);
            }
        }
        facts.put("usable_here", usable(folder));
        return facts;
    }

    private static void tensors(Checkpoint checkpoint, Map<String, Object> facts) {
        long parameters = 0;
        long bytes = 0;
        var dtypes = new TreeSet<String>();
        var layers = new TreeSet<String>();
        var whole = new TreeSet<String>();
        for (String name : checkpoint.names()) {
            long count = Arrays.stream(checkpoint.shape(name)).reduce(1, (a, b) -> a * b);
            parameters += count;
            bytes += count * checkpoint.dtype(name).bytes();
            dtypes.add(checkpoint.dtype(name).toString());
            int at = name.indexOf(".lora_");
            if (at < 0) {
                whole.add(name.replace("base_model.model.", ""));
            } else {
                layers.add(name.substring(0, at));
            }
        }
        if (!layers.isEmpty()) {
            facts.put("updated_layers", layers.size());
        }
        facts.put(layers.isEmpty() ? "tensors" : "saved_whole", List.copyOf(whole));
        facts.put("parameters", parameters);
        facts.put("bytes", bytes);
        facts.put("dtypes", List.copyOf(dtypes));
    }

    private static boolean isSet(JsonNode value) {
        return !value.isNull()
                && !(value.isBoolean() && !value.booleanValue())
                && !(value.isContainerNode() && value.isEmpty());
    }

    private static Object told(JsonNode value) {
        if (value.isArray()) {
            var words = new TreeSet<String>();
            value.forEach(word -> words.add(word.asText()));
            return List.copyOf(words);
        }
        return value.isNumber() ? value.numberValue() : value.isTextual() ? value.asText() : value.toString();
    }

    private static String usable(Path folder) {
        try (var adapter = AdapterFolder.open(folder)) {
            return adapter.weights().names().isEmpty() ? "no: it has no tensors" : "yes";
        } catch (InputException e) {
            return "no: " + e.getMessage();
        }
    }
}
