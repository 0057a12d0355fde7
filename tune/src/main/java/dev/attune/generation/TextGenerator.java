package dev.attune.generation;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.files.InputException;
import dev.attune.model.Backbone;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.model.Past;
import dev.attune.peft.AdapterFolder;
import dev.attune.peft.Lora;
import dev.attune.peft.PromptLearningConfig;
import dev.attune.peft.TaskType;
import dev.attune.peft.TextContext;
import dev.attune.peft.VirtualTokens;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Generates text: with a causal model, which goes on with a prompt, or an encoder-decoder, which answers it. Any Hugging Face folder
 * of a *ForCausalLM class or of T5ForConditionalGeneration will do. Safe for use by several threads.
 *
 * <pre>{@code
 * try (var generator = TextGenerator.load(folder)) {
 *     String text = generator.generate("The capital of France is", GenerationOptions.greedy()).text();
 * }
 * }</pre>
 */
public final class TextGenerator implements AutoCloseable {
    /** So many prompts go through the model together; those of like length, so that little padding does. */
    private static final int BATCH = 16;
    /** So many new tokens have room from the start. */
    private static final int USUAL_ROOM = 256;

    private final Backbone backbone;
    private final Tokenizer tokenizer;
    private final GenerationConfig config;
    private final @Nullable VirtualTokens virtual;
    private final @Nullable Runnable adapter;

    /**
     * Made by {@link #load}.
     *
     * @param adapter frees the adapter, or null where there is none
     * @param virtual what stands before every prompt, or null
     */
    private TextGenerator(
            Backbone backbone,
            @Nullable Runnable adapter,
            Tokenizer tokenizer,
            GenerationConfig config,
            @Nullable VirtualTokens virtual) {
        this.backbone = backbone;
        this.adapter = adapter;
        this.tokenizer = tokenizer;
        this.config = config;
        this.virtual = virtual;
    }

    /** Loads a folder as its weights are, fp32 or bf16. */
    public static TextGenerator load(Path folder) {
        return load(folder, null, Device.CPU);
    }

    /**
     * Loads a folder onto a device; weights that are in {@code dtype} already stay mapped from the file; null takes them as they
     * are. Of an adapter for language models, the base model is loaded and the adapter attached; virtual tokens stand before
     * every prompt.
     *
     * @throws InputException for a model that does not generate text, or naming what the folder lacks
     */
    public static TextGenerator load(Path folder, @Nullable Dtype dtype, Device device) {
        if (!AdapterFolder.isAdapter(folder)) {
            return load(folder, folder, null, dtype, device);
        }
        try (var adapter = AdapterFolder.open(folder)) {
            var task = adapter.config().taskType();
            if (task != TaskType.CAUSAL_LM && task != TaskType.SEQ_2_SEQ_LM) {
                throw new InputException("The adapter in " + folder + " does not generate text: its task_type is "
                        + task + "; those for CAUSAL_LM and SEQ_2_SEQ_LM do.");
            }
            return load(adapter.baseFolder((source, done, total) -> {}), folder, adapter, dtype, device);
        }
    }

    /** @param own where the tokenizer is looked for first */
    private static TextGenerator load(
            Path folder, Path own, @Nullable AdapterFolder adapter, @Nullable Dtype dtype, Device device) {
        var model = ModelConfig.read(folder);
        requireLanguageModel(folder, model);
        var tokenizer = Tokenizer.load(Files.exists(own.resolve("tokenizer.json")) ? own : folder);
        var options =
                LoadOptions.frozen(new Head.LanguageModel()).withFrozen(dtype).withDevice(device);
        try (var checkpoint = Checkpoint.open(folder)) {
            var generation = GenerationConfig.read(folder, model, tokenizer);
            var backbone = Families.load(checkpoint, model, options).backbone();
            try {
                return of(backbone, adapter, tokenizer, generation);
            } catch (RuntimeException e) {
                backbone.close();
                throw e;
            }
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static TextGenerator of(
            Backbone backbone, @Nullable AdapterFolder adapter, Tokenizer tokenizer, GenerationConfig generation) {
        if (adapter == null) {
            return new TextGenerator(backbone, null, tokenizer, generation, null);
        }
        if (adapter.config() instanceof PromptLearningConfig) {
            var virtual = VirtualTokens.load(backbone, adapter);
            return new TextGenerator(backbone, virtual::close, tokenizer, generation, virtual);
        }
        var lora = Lora.load(backbone, adapter, false);
        lora.attach();
        return new TextGenerator(backbone, lora::close, tokenizer, generation, null);
    }

    /**
     * A generator over a model that somebody else has loaded, and closes: this one is not to be closed.
     *
     * @param virtual what stands before every prompt, or null
     */
    public static TextGenerator over(Backbone backbone, Tokenizer tokenizer, @Nullable VirtualTokens virtual) {
        var ends = tokenizer.eos().map(end -> Set.of(end.id())).orElse(Set.of());
        var config = new GenerationConfig(ends, OptionalInt.empty());
        return new TextGenerator(backbone, null, tokenizer, config, virtual);
    }

    private static void requireLanguageModel(Path folder, ModelConfig model) {
        if (!Families.causal(model)) {
            throw new InputException("Models of type " + model.modelType() + " do not generate text (" + folder
                    + "); causal ones such as gpt2 and llama do.");
        }
        for (var name : model.raw().path("architectures")) {
            if (name.asText().endsWith("ForSequenceClassification")) {
                throw new InputException(folder + " is a classifier, which gives labels and no text. Use it with"
                        + " 'attune classify', or give the model it was tuned from.");
            }
        }
    }

    /** What turns texts into tokens and back. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Goes on with one text. */
    public Generation generate(String prompt, GenerationOptions options) {
        return generate(List.of(prompt), options, GenerationListener.NONE).get(0);
    }

    /**
     * Goes on with each text.
     *
     * @return in the order of the prompts
     * @throws InputException for a prompt that leaves no room, naming which
     */
    public List<Generation> generate(List<String> prompts, GenerationOptions options, GenerationListener listener) {
        return generateFrom(tokenizer.encodeAll(prompts, Integer.MAX_VALUE), options, listener);
    }

    /** As {@link #generate(List, GenerationOptions, GenerationListener)}, from token ids as they are. */
    @SuppressWarnings("try") // scope and mode are there for what they do, not to be called
    public List<Generation> generateFrom(List<int[]> prompts, GenerationOptions options, GenerationListener listener) {
        var results = new Generation[prompts.size()];
        var ends = ends(options);
        try (var scope = new PointerScope();
                var inference = new InferenceMode()) {
            Past before = before();
            var sequences = sequences(prompts, options, listener, before);
            for (int from = 0; from < sequences.size(); from += BATCH) {
                var batch = sequences.subList(from, Math.min(sequences.size(), from + BATCH));
                run(batch, options, ends, before);
                batch.forEach(sequence -> results[sequence.place()] = sequence.result());
            }
        }
        return List.of(results);
    }

    /**
     * The likeliest tokens behind a prompt.
     *
     * @param count how many
     * @param options what the tokens' chances are told under
     */
    @SuppressWarnings("try") // as above
    public NextTokens nextTokens(String prompt, int count, GenerationOptions options) {
        try (var scope = new PointerScope();
                var inference = new InferenceMode()) {
            Past before = before();
            var ids = sequences(List.of(encode(prompt)), options, GenerationListener.NONE, before)
                    .get(0)
                    .prompt();
            var context = TextContext.of(backbone, virtual, List.of(ids));
            var opening = context.opening();
            Tensor logits =
                    Continuation.recomputed(backbone, before, context.memory()).append(opening); // (1, V)
            var sampler = new Sampler(options, opening, new int[1], vocabulary());
            return NextTokens.of(tokenizer, prompt, ids, behind(ids), logits, sampler.chances(logits), count);
        }
    }

    /** From the prompts to the last text's end. */
    @SuppressWarnings("try") // the scopes free a batch's and a step's tensors
    private void run(List<Sequence> batch, GenerationOptions options, Set<Integer> ends, @Nullable Past before) {
        try (var scope = new PointerScope()) {
            var active = List.copyOf(batch);
            var context = TextContext.of(
                    backbone, virtual, active.stream().map(Sequence::prompt).toList());
            var next = context.opening();
            var sampler = new Sampler(
                    options, next, active.stream().mapToInt(Sequence::place).toArray(), vocabulary());
            var continuation = options.cache()
                    ? Continuation.cached(backbone, before, context.memory(), batch.size(), room(batch, next))
                    : Continuation.recomputed(backbone, before, context.memory());
            while (!active.isEmpty()) {
                int[] chosen;
                try (var step = new PointerScope()) {
                    chosen = sampler.choose(continuation.append(next));
                }
                var running = active;
                for (int i = 0; i < chosen.length; i++) {
                    running.get(i).add(chosen[i], ends);
                }
                int[] left = IntStream.range(0, chosen.length)
                        .filter(i -> !running.get(i).finished())
                        .toArray();
                if (left.length > 0 && left.length < chosen.length) {
                    continuation.keep(left);
                    sampler.keep(left);
                }
                active = IntStream.of(left).mapToObj(running::get).toList();
                next = IntStream.of(left).mapToObj(i -> new int[] {chosen[i]}).toList();
            }
        }
    }

    /** How many tokens to have room for: texts may end early, and room that runs out is doubled. */
    private static int room(List<Sequence> batch, List<int[]> opening) {
        return IntStream.range(0, batch.size())
                .map(i -> opening.get(i).length + Math.min(batch.get(i).limit(), USUAL_ROOM))
                .max()
                .orElse(1);
    }

    private @Nullable Past before() {
        return virtual == null ? null : virtual.start(backbone);
    }

    /** What new text is decoded behind. */
    private int[] behind(int[] prompt) {
        return encodes() ? new int[0] : prompt;
    }

    private boolean encodes() {
        return backbone.encoder().isPresent();
    }

    /** Checks the prompts and sorts them by their length. */
    private List<Sequence> sequences(
            List<int[]> prompts, GenerationOptions options, GenerationListener listener, @Nullable Past before) {
        var limits = new Limits(
                backbone.config().maxPositions(),
                vocabulary(),
                encodes(),
                before == null ? 0 : before.width(),
                options);
        var sequences = new ArrayList<Sequence>();
        for (int i = 0; i < prompts.size(); i++) {
            String name = prompts.size() == 1 ? "The prompt" : "Prompt " + (i + 1);
            int[] prompt = prompts.get(i).length > 0
                    ? prompts.get(i)
                    : config.begin().stream().toArray();
            int limit = limits.newTokens(name, prompt);
            sequences.add(new Sequence(i, prompt, behind(prompt), limit, tokenizer, options.stop(), listener));
        }
        sequences.sort(Comparator.comparingInt(sequence -> sequence.prompt().length));
        return sequences;
    }

    /** The model's end tokens, and stop strings that are special tokens: those have no text to be found in. */
    private Set<Integer> ends(GenerationOptions options) {
        var ends = new HashSet<>(config.ends());
        for (String stop : options.stop()) {
            int[] ids = tokenizer.encodeWithoutSpecialTokens(stop);
            if (ids.length == 1 && tokenizer.decode(ids, true).isEmpty()) {
                ends.add(ids[0]);
            }
        }
        return ends;
    }

    private int[] encode(String prompt) {
        return tokenizer.encode(prompt, Integer.MAX_VALUE);
    }

    private int vocabulary() {
        return backbone.config().vocabSize();
    }

    @Override
    public void close() {
        if (adapter != null) {
            adapter.run();
        }
        tokenizer.close();
        backbone.close();
    }
}
