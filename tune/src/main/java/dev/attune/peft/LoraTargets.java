package dev.attune.peft;

import dev.attune.files.InputException;
import dev.attune.model.Backbone;
import dev.attune.model.Layer;
import dev.attune.model.Part;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which layers of a model a {@link LoraConfig} updates, by peft's rules. */
final class LoraTargets {
    /** Peft's choice where a configuration names no layers, by model type. */
    private static final Map<String, List<String>> USUAL = Map.of(
            "bert", List.of("query", "value"),
            "bloom", List.of("query_key_value"),
            "gpt2", List.of("c_attn"),
            "llama", List.of("q_proj", "v_proj"),
            "mistral", List.of("q_proj", "v_proj"),
            "qwen2", List.of("q_proj", "v_proj"),
            "t5", List.of("q", "v"));

    private LoraTargets() {}

    /** What the configuration names, or the family's usual layers, or where it says all-linear each one's path. */
    static ModuleNames names(LoraConfig config, Backbone backbone) {
        ModuleNames named = config.targetModules();
        if (named == null) {
            String type = backbone.config().modelType();
            List<String> usual = USUAL.get(type);
            if (usual == null) {
                throw new InputException("There are no usual layers for LoRA on models of type " + type
                        + ". Name some with target_modules.");
            }
            return ModuleNames.of(usual);
        }
        if (named.allLinear()) {
            return ModuleNames.of(backbone.layers().keySet().stream()
                    .filter(path -> !isOutput(backbone.part(path + ".weight")))
                    .filter(path -> !isSavedWhole(config, path))
                    .toList());
        }
        return named;
    }

    private static boolean isOutput(Part part) {
        return part.kind() == Part.Kind.HEAD || part.kind() == Part.Kind.LM_HEAD;
    }

    /**
     * The paths of the layers, in the model's order.
     *
     * @throws InputException where there are none
     */
    static List<String> paths(LoraConfig config, ModuleNames names, Backbone backbone) {
        List<String> paths = backbone.layers().keySet().stream()
                .filter(names::matches)
                .filter(path -> config.excludeModules() == null
                        || !config.excludeModules().matches(path))
                .filter(path -> !isSavedWhole(config, path))
                .filter(path -> isInBlocks(config, path))
                .toList();
        if (paths.isEmpty()) {
            throw new InputException("target_modules " + names.json() + " leaves no layer of "
                    + backbone.config().source() + " to update. " + existing(backbone));
        }
        return paths;
    }

    /** Refuses what names nothing in the model: it was meant to. */
    static void requireAllMeant(LoraConfig config, ModuleNames names, List<String> paths, Backbone backbone) {
        for (String name : names.names()) {
            if (backbone.layers().keySet().stream().noneMatch(path -> ModuleNames.endsWith(path, name))) {
                throw new InputException("target_modules has \"" + name + "\", which names no linear layer of "
                        + backbone.config().source() + ". " + existing(backbone));
            }
        }
        if (config.layersToTransform() != null) {
            for (int block : config.layersToTransform()) {
                if (block < 0 || block >= backbone.depth()) {
                    throw new InputException("layers_to_transform has " + block
                            + ", but the model's blocks go from 0 to " + (backbone.depth() - 1) + ".");
                }
            }
        }
        requireMatching("rank_pattern", config.rankPattern(), paths);
        requireMatching("alpha_pattern", config.alphaPattern(), paths);
    }

    private static void requireMatching(String field, Map<String, ?> pattern, List<String> paths) {
        for (String key : pattern.keySet()) {
            if (paths.stream().noneMatch(path -> ends(field, key, path))) {
                throw new InputException(
                        field + " has \"" + key + "\", which matches none of the layers that are updated.");
            }
        }
    }

    /** The layers' own names, each once. */
    private static String existing(Backbone backbone) {
        var ends = new TreeSet<String>();
        backbone.layers().keySet().forEach(path -> ends.add(path.substring(path.lastIndexOf('.') + 1)));
        return "There are: " + String.join(", ", ends) + ".";
    }

    /** What the pattern says of a layer, or else the default. */
    static <N> N of(String field, Map<String, N> pattern, String path, N otherwise) {
        return pattern.keySet().stream()
                .filter(key -> ends(field, key, path))
                .findFirst()
                .map((Function<String, N>) pattern::get)
                .orElse(otherwise);
    }

    private static boolean ends(String field, String key, String path) {
        return compile(field, "(.*\\.)?(" + key + ")").matcher(path).matches();
    }

    private static boolean isSavedWhole(LoraConfig config, String path) {
        return config.modulesToSave() != null
                && config.modulesToSave().stream()
                        .anyMatch(module -> compile("modules_to_save", "(^|.*\\.)" + module + "($|\\..*)")
                                .matcher(path)
                                .matches());
    }

    private static boolean isInBlocks(LoraConfig config, String path) {
        List<Integer> blocks = config.layersToTransform();
        if (blocks == null || blocks.isEmpty()) {
            return true;
        }
        List<String> lists = config.layersPattern();
        if (lists == null || lists.isEmpty()) {
            lists = List.of("[^.]*");
        }
        for (String list : lists) {
            // Peft asks for a step before the list where the list's name is not given.
            String before = list.equals("[^.]*") ? ".*?\\." : "(?:^|.*?\\.)";
            Matcher match =
                    compile("layers_pattern", before + list + "\\.(\\d+)\\.").matcher(path);
            if (match.lookingAt()) {
                return blocks.contains(Integer.valueOf(match.group(match.groupCount())));
            }
        }
        return false;
    }

    private static Pattern compile(String field, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new InputException(field + " holds no regular expression: " + e.getDescription() + ".", e);
        }
    }

    /** The layer at a path. */
    static Layer layer(Backbone backbone, String path) {
        Layer layer = backbone.layers().get(path);
        if (layer == null) {
            throw new IllegalArgumentException("There is no layer " + path);
        }
        return layer;
    }
}
