package dev.attune.recipe;

import dev.attune.checkpoint.BaseModel;
import dev.attune.evaluation.Evaluation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The README.md of a run folder: the hub's front matter, what was tuned on what, and the figures. */
final class ModelCard {
    private ModelCard() {}

    /** @param readAlike whether transformers' class reads the same row */
    static String of(Recipe recipe, @Nullable Evaluation evaluation, Provenance provenance, boolean readAlike) {
        var method = recipe.peft().method();
        boolean adapter = method == PeftOptions.Method.LORA || method.virtualTokens();
        String base = BaseModel.of(recipe.model().model()).nameOrPath();
        var card = new StringBuilder();
        var train = provenance.data().get("train");
        card.append("---\npipeline_tag: text-classification\nbase_model: ")
                .append(base)
                .append("\nlibrary_name: ")
                .append(adapter ? "peft" : "transformers")
                .append("\ntags:\n- text-classification\n- attune\n");
        if (adapter) {
            card.append("- base_model:adapter:").append(base).append("\n- ").append(tag(recipe));
            card.append("\n- transformers\n");
        }
        card.append("---\n\n# Text classifier\n\nTuned from `")
                .append(recipe.model().model());
        card.append("` on `")
                .append(train == null ? "" : fileName(train.name()))
                .append("` (");
        card.append(train == null ? 0 : train.rows()).append(" texts), ");
        card.append(trained(recipe));
        card.append(", seed ").append(provenance.seed()).append(".\n\n");
        card.append("`recipe.yaml` holds every option, `provenance.json` the checksums of data ");
        card.append("and weights, the versions and the machine.\n");
        if (recipe.answers()) {
            card.append("\nA text is asked as `").append(recipe.labels().templateOrUsual());
            card.append("` and answered with a label's word; `attune.json` holds both.\n");
        }
        var reading = recipe.reading();
        if (reading != null && !readAlike) {
            card.append("\nThe head reads `").append(RecipeOption.nameOf(reading));
            card.append(
                    "`, for which transformers has no class: loaded there, this model gives other figures. Attune reads it ");
            card.append("as it was trained (`attune.json`).\n");
        }
        if (evaluation != null) {
            card.append("\n## Test part\n\n```\n").append(evaluation.report()).append("```\n\n");
            card.append("![Confusion matrix](confusion.png)\n");
        }
        card.append("\n## Training\n\n![Loss](loss.png)\n![Accuracy](accuracy.png)\n");
        if (provenance.seconds() != null) {
            card.append(String.format(Locale.ROOT, "%nThe run took %.1f s.%n", provenance.seconds()));
        }
        return card.toString();
    }

    /** A card is read elsewhere, where the folder of a file says nothing. */
    private static String fileName(String data) {
        return data.replaceFirst("^.*[/\\\\]", "");
    }

    private static String trained(Recipe recipe) {
        return switch (recipe.peft().method()) {
            case HEAD -> "trained part: " + recipe.unfreeze();
            case CONTRASTIVE -> "in pairs (contrastive), trained part: " + recipe.unfreeze();
            case LORA -> "as a LoRA adapter of rank " + recipe.peft().r();
            case PROMPT -> "as a soft prompt (prompt tuning)";
            case PREFIX -> "as a prefix of keys and values (prefix tuning)";
            case P_TUNING -> "as a soft prompt that a network made (p-tuning)";
        };
    }

    /** As peft tags its own cards. */
    private static String tag(Recipe recipe) {
        return switch (recipe.peft().method()) {
            case HEAD, CONTRASTIVE -> throw new IllegalArgumentException("no adapter");
            case LORA -> "lora";
            case PROMPT -> "prompt_tuning";
            case PREFIX -> "prefix_tuning";
            case P_TUNING -> "p_tuning";
        };
    }
}
