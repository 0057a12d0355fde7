package dev.attune.recipe;

import dev.attune.training.Rehearsal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * About how long a run takes on this machine, in seconds: told by timing some of its passes. What it takes to write files, those of the
 * training state among them, is not in it.
 *
 * @param opening of the model, and the texts' way to tokens
 * @param rehearsal the run itself
 * @param earlyStopping whether fewer steps may be taken
 * @param fitting whether a head is fitted beside the steps, which is not in the estimate
 */
public record TimeEstimate(double opening, Rehearsal rehearsal, boolean earlyStopping, boolean fitting) {
    static TimeEstimate of(Recipe recipe, double opening, Rehearsal rehearsal) {
        return new TimeEstimate(
                opening,
                rehearsal,
                recipe.training().earlyStoppingPatience() > 0,
                recipe.peft().method() == PeftOptions.Method.CONTRASTIVE);
    }

    /** All of it. */
    public double total() {
        return opening + rehearsal.preparation() + rehearsal.stepping() + rehearsal.evaluation() + rehearsal.test();
    }

    /** One line. */
    @Override
    public String toString() {
        var parts = new ArrayList<String>();
        parts.add("opening " + duration(opening));
        if (rehearsal.preparation() > 0) {
            parts.add("frozen trunk " + duration(rehearsal.preparation()));
        }
        int epochs = rehearsal.wholeEpochs();
        parts.add((earlyStopping ? "at most " : "")
                + (epochs > 0
                        ? times(epochs, "epoch", rehearsal.stepping())
                        : times(rehearsal.steps(), "step", rehearsal.stepping())));
        parts.add("evaluation " + duration(rehearsal.evaluation()));
        if (rehearsal.test() > 0) {
            parts.add("test " + duration(rehearsal.test()));
        }
        var without = new ArrayList<>(List.of("writing files"));
        if (fitting) {
            without.add(0, "fitting the head");
        }
        return "time, estimated: " + duration(total()) + " (" + String.join("; ", parts) + "; without "
                + String.join(" and ", without) + ")";
    }

    private static String times(long count, String of, double seconds) {
        return count == 1
                ? "1 " + of + ", " + duration(seconds)
                : String.format(Locale.ROOT, "%,d %ss of %s", count, of, duration(seconds / count));
    }

    /** Two figures or so of a duration. */
    static String duration(double seconds) {
        if (seconds < 0.995) {
            return String.format(Locale.ROOT, seconds < 0.00995 ? "%.1f ms" : "%.0f ms", seconds * 1e3);
        }
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return whole / 60 + " min " + whole % 60 + " s";
        }
        long minutes = Math.round(seconds / 60);
        return String.format(Locale.ROOT, "%,d h %d min", minutes / 60, minutes % 60);
    }
}
