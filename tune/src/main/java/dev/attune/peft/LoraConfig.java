package dev.attune.peft;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.attune.files.InputException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * LoRA (Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models"): a layer's weight W becomes
 * W + scale B A, where A is (r, in), B is (out, r) and the scale is alpha / r.
 *
 * @param r rank of the updates
 * @param loraAlpha alpha
 * @param loraDropout rate of dropout on what goes into A, in training
 * @param useRslora whether the scale is alpha / √r instead (Kalajdzievski 2023)
 * @param targetModules the layers that are updated; null stands for the family's usual ones
 * @param excludeModules layers that are not, though {@code targetModules} has them
 * @param rankPattern other ranks, by regular expressions for the end of a layer's path
 * @param alphaPattern other alphas, likewise
 * @param layersToTransform indices of the blocks whose layers are updated; null for all
 * @param layersPattern what the list of blocks is called where that is not clear from the path ({@code layers}, {@code h})
 * @param modulesToSave modules that are trained and saved whole, such as a new head
 * @param fanInFanOut whether the layers keep their weights as (in, out), as GPT-2's Conv1D does
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LoraConfig(
        @Nullable TaskType taskType,
        @Nullable String baseModelNameOrPath,
        @Nullable String revision,
        int r,
        double loraAlpha,
        double loraDropout,
        boolean useRslora,
        @Nullable ModuleNames targetModules,
        @Nullable ModuleNames excludeModules,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        @Nullable List<Integer> layersToTransform,
        @Nullable List<String> layersPattern,
        @Nullable List<String> modulesToSave,
        boolean fanInFanOut)
        implements AdapterConfig {
    public LoraConfig {
        rankPattern = inOrder(rankPattern);
        alphaPattern = inOrder(alphaPattern);
        if (r < 1 || rankPattern.values().stream().anyMatch(rank -> rank < 1)) {
            throw new InputException("r and the ranks of rank_pattern have to be at least 1.");
        }
        if (!(loraDropout >= 0 && loraDropout < 1)) {
            throw new InputException("lora_dropout is " + loraDropout + "; it is a rate from 0 to below 1.");
        }
        boolean someBlocks = layersToTransform != null && !layersToTransform.isEmpty();
        if (someBlocks && targetModules != null && targetModules.regex() != null) {
            throw new InputException("layers_to_transform needs target_modules to be a list of names.");
        }
        if (layersPattern != null && !layersPattern.isEmpty() && !someBlocks) {
            throw new InputException("layers_pattern needs layers_to_transform.");
        }
    }

    /** Where two patterns match a layer, the first one counts: a copy that keeps their order. */
    private static <N> Map<String, N> inOrder(Map<String, N> pattern) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(pattern));
    }

    /** The factor on B A. */
    double scale(int rank, double alpha) {
        return useRslora ? alpha / Math.sqrt(rank) : alpha / rank;
    }

    /** With the layers that are updated named. */
    LoraConfig withTargets(ModuleNames targets, boolean transposed) {
        return new LoraConfig(
                taskType,
                baseModelNameOrPath,
                revision,
                r,
                loraAlpha,
                loraDropout,
                useRslora,
                targets,
                excludeModules,
                rankPattern,
                alphaPattern,
                layersToTransform,
                layersPattern,
                modulesToSave,
                transposed);
    }

    /** With these modules saved whole too. */
    public LoraConfig withSaved(Collection<String> modules) {
        var all = new LinkedHashSet<>(modulesToSave == null ? List.of() : modulesToSave);
        all.addAll(modules);
        return new LoraConfig(
                taskType,
                baseModelNameOrPath,
                revision,
                r,
                loraAlpha,
                loraDropout,
                useRslora,
                targetModules,
                excludeModules,
                rankPattern,
                alphaPattern,
                layersToTransform,
                layersPattern,
                List.copyOf(all),
                fanInFanOut);
    }

    @Override
    public PeftType peftType() {
        return PeftType.LORA;
    }
}
