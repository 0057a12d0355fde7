import dev.attune.recipe.Recipe;
import dev.attune.recipe.Run;
import dev.attune.recipe.RunListener;
import dev.attune.recipe.TimeEstimate;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;

/** Prints the seconds that a recipe is expected to take, then how. Arguments: a recipe, then options in pairs (epochs 2). */
final class DryRun {
    public static void main(String[] arguments) {
        var options = new HashMap<String, Object>();
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        Run.dryRun(Recipe.read(Path.of(arguments[0])).with(options), new RunListener() {
            @Override
            public void time(TimeEstimate estimate) {
                System.out.printf(Locale.ROOT, "%.1f %s%n", estimate.total(), estimate);
            }
        });
    }
}
