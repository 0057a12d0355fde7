package dev.attune.training;

import dev.attune.classifier.EncodedDataset;
import java.util.List;

/** An objective that tells which passes a run will make beside its steps, so that {@link Rehearsal} can time some of them. */
public interface PlannedObjective extends Objective {
    /** The passes before the first step: those of a frozen trunk whose output is kept. */
    List<Pass> preparation();

    /** Makes scoring ready with the parameters as they are, in the caller's scope. */
    Scoring scoring();

    /** The passes that score texts, without a graph. */
    interface Scoring {
        /** Those that {@link Objective#evaluate} makes. */
        List<Pass> evaluation(Subset which, int batches);

        /** Those that a test of the saved model makes: the whole way from the words. */
        List<Pass> test(EncodedDataset texts);
    }
}
