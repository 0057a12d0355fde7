package dev.attune.recipe;

import dev.attune.evaluation.Evaluation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The README.md of a run folder: the hub's front matter, what was tuned on what, and the figures. */
final class ModelCard {
    private ModelCard() {}

    /** @param readAlike whether transformers' class reads the same row */
    static String of(Recipe recipe, @Nullable Evaluation evaluation, Provenance provenance, boolean readAlike) {
        var card = new StringBuilder();
        var train = provenance.data().get("train");
        card.append("---\npipeline_tag: text-classification\nbase_model: ")
                .append(recipe.model().model())
                .append(
                        "\nlibrary_name: transformers\ntags:\n- text-classification\n- attune\n---\n\n# Text classifier\n\n");
        card.append("Tuned from `").append(recipe.model().model()).append("` on `");
        card.append(train == null ? "" : train.name()).append("` (").append(train == null ? 0 : train.rows());
        card.append(" texts), trained part: ").append(recipe.model().unfreeze()).append(", seed ");
        card.append(provenance.seed())
                .append(". `recipe.yaml` holds every option, `provenance.json` the checksums of data ");
        card.append("and weights, the versions and the machine.\n");
        var reading = recipe.model().reading();
        if (reading != null && !readAlike) {
            card.append("\nThe head reads `")
                    .append(reading.name().toLowerCase(Locale.ROOT).replace('_', '-'));
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
}
