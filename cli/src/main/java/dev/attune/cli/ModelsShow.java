package dev.attune.cli;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.checkpoint.ModelFolders;
import dev.attune.model.Families;
import dev.attune.model.ModelConfig;
import dev.attune.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune models show}: what a model folder holds. */
@Command(
        name = "show",
        description = "Family, shape, weights and tokenizer of a model.",
        footer = {"", "Examples:", "  attune models show minilm", "  attune models show runs/spam --json"})
final class ModelsShow implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "minilm, a Hugging Face folder, or owner/name[@revision].")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String model;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    ModelsShow(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Path folder;
        try (var progress = new Progress(console)) {
            folder = ModelFolders.fromEnvironment(progress::fetching).resolve(model);
        }
        var facts = facts(folder);
        if (json) {
            Json.println(console.out(), facts);
        } else {
            var table = new Table();
            facts.forEach((name, value) -> table.row(name.replace('_', ' '), value));
            table.print(console.out());
        }
        return 0;
    }

    private static Map<String, Object> facts(Path folder) {
        var config = ModelConfig.read(folder);
        var facts = new LinkedHashMap<String, Object>();
        facts.put("folder", folder.toString());
        facts.put("family", config.modelType());
        facts.put("causal", Families.causal(config));
        facts.put("blocks", config.depth());
        facts.put("hidden_size", config.hiddenSize());
        facts.put("heads", config.heads());
        facts.put("key_value_heads", config.kvHeads());
        facts.put("feed_forward_size", config.innerSize());
        facts.put("positions", config.maxPositions() == ModelConfig.NO_LIMIT ? "no limit" : config.maxPositions());
        facts.put("vocabulary", config.vocabSize());
        if (config.raw().has("id2label")) {
            facts.put("labels", config.labels());
        }
        try (var checkpoint = Checkpoint.open(folder)) {
            long parameters = 0;
            long bytes = 0;
            var dtypes = new TreeMap<String, Integer>();
            for (String name : checkpoint.names()) {
                long count = Arrays.stream(checkpoint.shape(name)).reduce(1, (a, b) -> a * b);
                parameters += count;
                bytes += count * checkpoint.dtype(name).bytes();
                dtypes.merge(checkpoint.dtype(name).toString(), 1, Integer::sum);
            }
            facts.put("tensors", checkpoint.names().size());
            facts.put("parameters", parameters);
            facts.put("bytes", bytes);
            facts.put("dtypes", dtypes);
        }
        try (var tokenizer = Tokenizer.load(folder)) {
            facts.put("tokens", tokenizer.vocabSize());
            facts.put("pad_token", tokenizer.pad().map(token -> token.content()).orElse("none"));
        }
        return facts;
    }
}
