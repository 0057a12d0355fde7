package dev.attune.peft;

import dev.attune.files.InputException;
import dev.attune.model.Backbone;
import dev.attune.model.Layer;
import dev.attune.model.Part;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A LoRA adapter (Hu et al. 2021) of one backbone: low-rank updates of some layers, and whole copies of some parameters. It is
 * made detached. Attached, the backbone computes with it; merged, the updates are added to the weights themselves and cost
 * nothing; detached again, the backbone is bit for bit what it was. One adapter of a backbone is on at a time.
 *
 * <p>Parameters are fp32 whatever the backbone's dtype, and belong to the adapter until {@link #close()}.
 */
public final class Lora implements AutoCloseable {
    private static final String PREFIX = "base_model.model.";

    /** What classification heads are called; peft names both. */
    private static final List<String> HEADS = List.of("classifier", "score");

    private final LoraConfig config;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final List<LowRank> updates = new ArrayList<>();
    private final List<Whole> wholes = new ArrayList<>();
    private final Set<Part> parts = new LinkedHashSet<>();
    private final boolean trained;
    private final PointerScope owner;
    private boolean attached;
    private boolean merged;
    private Predicate<Part> dropout = part -> false;

    /** Where an adapter's values come from. */
    private interface Source {
        /** A (r, in) or B (out, r) of a layer, or the whole parameter of this name. */
        Tensor tensor(String name, long... shape);
    }

    /** A parameter of the backbone whose data the adapter replaces by its own. */
    private record Whole(Tensor parameter, Tensor original, Tensor own) {}

    private Lora(LoraConfig config, boolean trained, PointerScope owner) {
        this.config = config;
        this.trained = trained;
        this.owner = owner;
    }

    /**
     * A new adapter to be trained: A drawn uniformly from ±1/√in, B zero, so that it changes nothing yet.
     *
     * @param config may name no layers, or all-linear; {@link #config()} names those that were taken. For classification, the
     *     head is always saved whole.
     * @throws dev.attune.files.InputException where the configuration names what the model does not have
     */
    public static Lora create(Backbone backbone, LoraConfig config, long seed) {
        try (var owner = new PointerScope()) {
            var whole = config.taskType() == TaskType.SEQ_CLS ? config.withSaved(HEADS) : config;
            var names = LoraTargets.names(whole, backbone);
            var paths = LoraTargets.paths(whole, names, backbone);
            LoraTargets.requireAllMeant(whole, names, paths, backbone);
            boolean transposed = LoraTargets.layer(backbone, paths.get(0)).transposed();
            var lora = new Lora(whole.withTargets(names, transposed), true, owner);
            lora.fill(
                    backbone, paths, lora.savedWhole(backbone), (name, shape) -> initial(backbone, name, seed, shape));
            owner.extend();
            return lora;
        }
    }

    private static Tensor initial(Backbone backbone, String name, long seed, long... shape) {
        Tensor base = backbone.state().get(name.substring(PREFIX.length()));
        if (base != null) {
            return base.detach().to(ScalarType.Float, false, true, new MemoryFormatOptional());
        }
        float[] values = new float[Math.toIntExact(shape[0] * shape[1])];
        if (name.endsWith(".lora_A.weight")) {
            // Kaiming's uniform distribution (He et al. 2015) with a = √5, as peft calls it, is this one.
            double bound = 1 / Math.sqrt((double) shape[1]);
            var random = new Random(seed * 31 + name.hashCode()); // whatever the order of the layers
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
        }
        return Tensors.of(values, shape);
    }

    /**
     * A saved adapter, to be used or trained on.
     *
     * @param trained whether its parameters require a gradient
     * @throws dev.attune.files.InputException naming the tensor that is missing, does not fit the backbone, or has no place in it
     */
    public static Lora load(Backbone backbone, AdapterFolder folder, boolean trained) {
        if (!(folder.config() instanceof LoraConfig config)) {
            throw new IllegalArgumentException(
                    folder.folder() + " is a " + folder.config().peftType() + " adapter");
        }
        try (var owner = new PointerScope()) {
            var lora = new Lora(config, trained, owner);
            var paths = LoraTargets.paths(config, LoraTargets.names(config, backbone), backbone);
            // Peft saves some parameters unasked too, such as embeddings of a vocabulary that has grown.
            var wholes = new LinkedHashSet<>(lora.savedWhole(backbone));
            backbone.state().keySet().stream()
                    .filter(name -> folder.weights().contains(PREFIX + name))
                    .forEach(wholes::add);
            lora.fill(backbone, paths, List.copyOf(wholes), (name, shape) -> {
                if (isHead(backbone, name) && folder.weights().contains(name)) {
                    shape[0] = folder.weights().shape(name)[0]; // adapters of one base may be for other labels
                }
                return folder.tensor(name, shape);
            });
            folder.requireNoOthers(lora.parameters.keySet());
            owner.extend();
            return lora;
        }
    }

    private static boolean isHead(Backbone backbone, String name) {
        String path = name.substring(PREFIX.length());
        return backbone.state().containsKey(path) && backbone.part(path).kind() == Part.Kind.HEAD;
    }

    /** The backbone's parameters that belong to modules_to_save. */
    private List<String> savedWhole(Backbone backbone) {
        List<String> modules = config.modulesToSave();
        return modules == null
                ? List.of()
                : backbone.state().keySet().stream()
                        .filter(name -> modules.stream().anyMatch(module -> name.contains(module + ".")))
                        .toList();
    }

    private void fill(Backbone backbone, List<String> paths, List<String> wholeNames, Source source) {
        for (String path : paths) {
            Layer layer = LoraTargets.layer(backbone, path);
            Part part = backbone.part(path + ".weight");
            int r = LoraTargets.of("rank_pattern", config.rankPattern(), path, config.r());
            double alpha = LoraTargets.of("alpha_pattern", config.alphaPattern(), path, config.loraAlpha());
            String name = PREFIX + path;
            Tensor a = own(layer.weight(), source.tensor(name + ".lora_A.weight", r, layer.in()));
            Tensor b = own(layer.weight(), source.tensor(name + ".lora_B.weight", layer.out(), r));
            parameters.put(name + ".lora_A.weight", a.requires_grad_(trained));
            parameters.put(name + ".lora_B.weight", b.requires_grad_(trained));
            parts.add(part);
            updates.add(new LowRank(part, layer, layer.weight().detach(), a, b, config.scale(r, alpha)));
        }
        for (String name : wholeNames) {
            Tensor parameter = Objects.requireNonNull(backbone.state().get(name));
            if (Dtype.of(parameter) == Dtype.I8) {
                throw new InputException(
                        "The adapter has a whole " + name + " of its own, which cannot be put into a model in"
                                + " int8. Merge it into its base model first: attune adapter merge.");
            }
            Tensor own = own(parameter, source.tensor(PREFIX + name, parameter.shape()));
            parameters.put(PREFIX + name, parameter);
            parts.add(backbone.part(name));
            wholes.add(new Whole(parameter, parameter.detach(), own));
        }
    }

    private static Tensor own(Tensor like, Tensor value) {
        return value.to(like.device(), ScalarType.Float);
    }

    /** As it is saved: with the layers that are updated and the modules that are saved whole. */
    public LoraConfig config() {
        return config;
    }

    /**
     * The adapter's parameters under their names in adapter_model.safetensors. While it is attached, those that it saves whole
     * are the backbone's own tensors, with the adapter's data in them.
     */
    public Map<String, Tensor> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** Where in the backbone it changes anything. */
    public Set<Part> parts() {
        return Collections.unmodifiableSet(parts);
    }

    /** How many labels the classification head in an adapter's file is for; empty where it has none. */
    public static OptionalInt labels(AdapterFolder folder) {
        return HEADS.stream()
                .map(head -> PREFIX + head + ".weight")
                .filter(folder.weights()::contains)
                .mapToInt(name -> (int) folder.weights().shape(name)[0])
                .findFirst();
    }

    /** Whether an adapter's file has its own values of a parameter of the backbone. */
    public static boolean replaces(AdapterFolder folder, String parameter) {
        return folder.weights().contains(PREFIX + parameter);
    }

    /** Turns dropout on in the updates of exactly these parts' layers, at the configured rate. It is off at first. */
    public void dropout(Predicate<Part> on) {
        dropout = on;
    }

    /** Puts the adapter on its backbone. */
    public void attach() {
        if (attached) {
            return;
        }
        if (updates.stream().anyMatch(update -> update.layer().update() != null)) {
            throw new IllegalStateException("Another adapter is attached to this backbone");
        }
        updates.forEach(update -> update.layer().update(this.of(update)));
        for (Whole whole : wholes) {
            whole.parameter().set_data(whole.own());
            whole.parameter().requires_grad_(trained);
        }
        attached = true;
    }

    private Layer.Update of(LowRank update) {
        return (x, from, width) -> update.of(x, from, width, dropout.test(update.part()) ? config.loraDropout() : 0);
    }

    /** Takes the adapter off: the backbone is what it was. */
    public void detach() {
        if (!attached) {
            return;
        }
        unmerge();
        updates.forEach(update -> update.layer().update(null));
        for (Whole whole : wholes) {
            whole.parameter().requires_grad_(false);
            whole.parameter().set_data(whole.original());
        }
        attached = false;
    }

    /** Adds the updates to the weights, in memory of its own; what the backbone computes stays the same but for rounding. */
    @SuppressWarnings("try") // the scope frees the sums' parts
    public void merge() {
        attach();
        if (!merged) {
            try (var scope = new PointerScope()) {
                updates.forEach(LowRank::merge);
            }
            merged = true;
        }
    }

    /** Takes the updates out of the weights again, which are then bit for bit what they were; the adapter stays attached. */
    public void unmerge() {
        if (merged) {
            for (LowRank update : updates) {
                update.unmerge();
                update.layer().update(this.of(update));
            }
            merged = false;
        }
    }

    /** Writes the adapter's two files as peft does. */
    public void save(Path folder) {
        if (!attached) {
            throw new IllegalStateException("An adapter is saved while it is attached");
        }
        AdapterFolder.write(folder, config, parameters);
    }

    /** Takes the adapter off and frees its parameters. */
    @Override
    public void close() {
        detach();
        owner.close();
    }
}
