package dev.attune.recipe;

import dev.attune.files.InputException;
import dev.attune.peft.LoraConfig;
import dev.attune.peft.ModuleNames;
import dev.attune.peft.TaskType;
import dev.attune.training.Description;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a model is tuned: parts of its own, or an adapter beside it, whose options have the names that peft gives them. */
public record PeftOptions(
        @Description("head (trains the parts that unfreeze names), lora, prompt, prefix, p-tuning or contrastive")
        Method method,

        @Description("lora: rank of the updates") int r,

        @Description("lora: an update is scaled by alpha / r")
        double loraAlpha,

        @Description("lora: dropout on what goes into an update")
        double loraDropout,

        @Description("lora: scale by alpha / sqrt(r) instead")
        boolean useRslora,

        @Description(
                "lora: layers by the ends of their paths, one regular expression, or all-linear (default: the family's)")
        List<String> targetModules,

        @Description("lora: layers that are left out all the same")
        List<String> excludeModules,

        @Description("lora: other ranks, as PATTERN=RANK") List<String> rankPattern,

        @Description("lora: other alphas, as PATTERN=ALPHA") List<String> alphaPattern,

        @Description("lora: only the blocks with these indices, from 0 at the bottom")
        List<Integer> layersToTransform,

        @Description("lora: what the list of blocks is called, where paths do not tell")
        List<String> layersPattern,

        @Description("modules that are trained and saved whole beside the adapter (a new head is always)")
        List<String> modulesToSave) {

    /** What is trained. */
    public enum Method {
        /** Parts of the model itself. */
        HEAD,
        /** Low-rank updates of its layers. */
        LORA,
        /** The model as an encoder of texts, on pairs of them; then a logistic regression as its head. */
        CONTRASTIVE,
        /** Virtual tokens before the text: their embeddings. */
        PROMPT,
        /** Their keys and values in every block. */
        PREFIX,
        /** A network that makes their embeddings. */
        P_TUNING;

        /** Whether virtual tokens are trained, which only a language model's answers can be tuned with. */
        boolean virtualTokens() {
            return this == PROMPT || this == PREFIX || this == P_TUNING;
        }
    }

    private static final PeftOptions DEFAULTS = new PeftOptions(
            Method.HEAD,
            8,
            16,
            0.1,
            false,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    public PeftOptions {
        targetModules = List.copyOf(targetModules);
        excludeModules = List.copyOf(excludeModules);
        rankPattern = List.copyOf(rankPattern);
        alphaPattern = List.copyOf(alphaPattern);
        layersToTransform = List.copyOf(layersToTransform);
        layersPattern = List.copyOf(layersPattern);
        modulesToSave = List.copyOf(modulesToSave);
        if (r < 1) {
            throw new InputException("r is " + r + "; a rank is at least 1.");
        }
        if (!(loraAlpha > 0)) {
            throw new InputException("lora-alpha is " + loraAlpha + "; it has to be above 0.");
        }
        if (!(loraDropout >= 0 && loraDropout < 1)) {
            throw new InputException("lora-dropout is " + loraDropout + "; it is a rate from 0 to below 1.");
        }
        pattern("rank-pattern", rankPattern, Integer::valueOf);
        pattern("alpha-pattern", alphaPattern, Double::valueOf);
    }

    public static PeftOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The adapter that these options describe.
     *
     * @param base the model as adapter_config.json names it
     */
    public LoraConfig loraConfig(TaskType task, String base, @Nullable String revision) {
        return new LoraConfig(
                task,
                base,
                revision,
                r,
                loraAlpha,
                loraDropout,
                useRslora,
                modules(targetModules),
                modules(excludeModules),
                pattern("rank-pattern", rankPattern, Integer::valueOf),
                pattern("alpha-pattern", alphaPattern, Double::valueOf),
                layersToTransform.isEmpty() ? null : layersToTransform,
                layersPattern.isEmpty() ? null : layersPattern,
                modulesToSave.isEmpty() ? null : modulesToSave,
                false);
    }

    /** A list of plain names is one; a single entry with other characters is a regular expression. */
    private static @Nullable ModuleNames modules(List<String> names) {
        if (names.isEmpty()) {
            return null;
        }
        String first = names.get(0);
        boolean regex = names.size() == 1 && (first.equals(ModuleNames.ALL_LINEAR) || !first.matches("[\\w.]+"));
        return regex ? ModuleNames.regex(first) : ModuleNames.of(names);
    }

    private static <N> Map<String, N> pattern(String option, List<String> entries, Function<String, N> number) {
        var pattern = new LinkedHashMap<String, N>();
        for (String entry : entries) {
            int equals = entry.lastIndexOf('=');
            try {
                pattern.put(entry.substring(0, equals), number.apply(entry.substring(equals + 1)));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new InputException(option + " has '" + entry + "'; it takes entries such as query=4.", e);
            }
        }
        return pattern;
    }
}
