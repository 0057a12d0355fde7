package dev.attune.cli;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.TableSource;
import dev.attune.explore.report.ChartPictures;
import dev.attune.explore.report.Exploration;
import dev.attune.explore.report.Report;
import dev.attune.explore.report.ReportOptions;
import dev.attune.explore.report.RunReport;
import dev.attune.explore.report.TableReport;
import dev.attune.explore.report.TextReport;
import dev.attune.files.InputException;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.Sources;
import dev.attune.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune explore}: a report of a table, of texts, or of a run. */
@Command(
        name = "explore",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "Write a report of a table, of texts, or of a run: one HTML file that needs no network.",
            "",
            "Texts are placed by a model's embeddings, tables by their columns of numbers. With a run's folder its report is "
                    + "written anew."
        },
        footer = {
            "",
            "Examples:",
            "  attune explore --data sms-spam --out report.html",
            "  attune explore --data people.csv --label-column income --format html,png",
            "  attune explore runs/spam"
        })
final class ExploreCommand implements Callable<Integer>, LateOptions {
    private static final Set<String> FORMATS = Set.of("html", "png", "svg");

    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "Folder of a run.")
    private @Nullable Path run;

    @Option(
            names = "--embed",
            paramLabel = "MODEL",
            description =
                    "Model that places texts, by folder, hub name or built-in name; none: no embeddings, of a run neither "
                            + "(default: minilm).")
    private String embed = "minilm";

    @Option(
            names = "--data-format",
            paramLabel = "FORMAT",
            description = "Format of the data, where its file's ending does not tell (--format of the other commands).")
    private @Nullable String dataFormat;

    @Option(names = "--table", description = "Take a file as a table, also where a column holds texts.")
    private boolean asTable;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Report to write (default: report.html, of a run in its folder).")
    private @Nullable Path out;

    @Option(
            names = "--format",
            split = ",",
            paramLabel = "FORMAT",
            description = "html, png, svg; pictures go into a folder beside the report (default: html).")
    private List<String> formats = List.of("html");

    @Option(
            names = "--max-points",
            paramLabel = "N",
            description = "Rows that are projected, drawn where there are more (default: 3000).")
    private int maxPoints = ReportOptions.defaults().maxPoints();

    @Option(
            names = "--projection",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Pictures of the rows beside the principal components: tsne, umap or both, which take most of the "
                            + "time; pca for none (default: tsne).")
    private Set<ReportOptions.Projection> projections = ReportOptions.defaults().projections();

    @Option(
            names = "--contamination",
            paramLabel = "SHARE",
            description = "Share of rows to flag as outliers (default: 0.01).")
    private double contamination = ReportOptions.defaults().contamination();

    @Option(
            names = "--folds",
            paramLabel = "N",
            description = "Folds of the baselines' cross-validation, 0 for no baselines (default: 5).")
    private int folds = ReportOptions.defaults().folds();

    @Option(names = "--json", description = "Print the findings and key figures as one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ExploreCommand(Console console) {
        this.console = console;
    }

    @Override
    public void addOptions(CommandSpec command) {
        RecipeFlags.addTo(
                command,
                option -> (DataDescribe.reads(option) && !option.name().equals("format"))
                        || Set.of("data", "deduplicate", "limit", "seed").contains(option.name()));
    }

    @Override
    public Integer call() {
        for (String format : formats) {
            if (!FORMATS.contains(format)) {
                throw new ParameterException(
                        spec.commandLine(), "--format takes html, png and svg, not '" + format + "'");
            }
        }
        var recipe = RecipeFlags.overlay(
                dataFormat == null ? Recipe.defaults() : Recipe.defaults().with(Map.of("format", dataFormat)), spec);
        if (run != null && !RecipeFlags.given(spec).isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "a run has its own data and seed; it takes no options of data");
        }
        if (run == null && recipe.data().data().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no data was named: give --data, or the folder of a run");
        }
        try (var progress = new Progress(console)) {
            Exploration exploration = run != null ? ofRun(run, progress) : ofData(recipe, progress);
            progress.finish();
            Path file = out != null ? out : run != null ? run.resolve("report.html") : Path.of("report.html");
            var written = write(exploration, file);
            print(exploration.report(), written);
        }
        return 0;
    }

    private Exploration ofRun(Path folder, Progress progress) {
        if (!RunReport.isRun(folder)) {
            throw new InputException(
                    folder + " is no folder of a run: it has no recipe.yaml. Data is named by --data.");
        }
        var embedded = embed.equals("none")
                ? List.<RunReport.Embedded>of()
                : ReportOfRun.embedded(console, folder, maxPoints, progress);
        return new Exploration(RunReport.of(folder, ReportOfRun.split(folder, progress), embedded), List.of());
    }

    private Exploration ofData(Recipe recipe, Progress progress) {
        var options = new ReportOptions(
                maxPoints, projections, contamination, folds, recipe.training().seed());
        Path file = Path.of(recipe.data().data());
        var reading = recipe.data().readOptions();
        if (asTable || (Files.isRegularFile(file) && TableSource.isWithoutText(file, reading))) {
            try (var table = dev.attune.explore.table.Table.open(file, reading)) {
                return TableReport.of(table, options);
            }
        }
        var texts = all(Sources.parts(recipe.data(), progress));
        if (recipe.data().deduplicate()) {
            texts = texts.deduplicated();
        }
        int limit = recipe.data().limit();
        if (limit > 0 && limit < texts.size()) {
            texts = texts.shuffled(recipe.training().seed()).limit(limit);
        }
        if (embed.equals("none")) {
            return TextReport.of(texts, options);
        }
        Path model = ModelFolders.fromEnvironment(progress::fetching).resolve(embed);
        try (var tokenizer = Tokenizer.load(model)) {
            return TextReport.of(
                    texts, embed, tokenizer::lengths, some -> ReportOfRun.vectors(model, some, progress), options);
        }
    }

    /** The parts of a known data set as one. */
    private static Dataset all(Map<String, Dataset> parts) {
        Dataset first = parts.values().iterator().next();
        if (parts.size() == 1) {
            return first;
        }
        var examples = new ArrayList<Example>();
        parts.values().forEach(part -> examples.addAll(part.examples()));
        return Dataset.of(first.name().replaceFirst(" \\(.*\\)$", ""), examples);
    }

    private List<Path> write(Exploration exploration, Path file) {
        var written = new ArrayList<Path>();
        if (formats.contains("html")) {
            exploration.write(file);
            written.add(file);
            if (!exploration.flagged().isEmpty()) {
                written.add(Exploration.outliersBeside(file));
            }
        }
        Path pictures =
                file.resolveSibling(String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "") + "-pictures");
        for (String format : formats) {
            if (!format.equals("html")) {
                ChartPictures.write(exploration.report(), pictures, format);
                if (!written.contains(pictures)) {
                    written.add(pictures);
                }
            }
        }
        return written;
    }

    private void print(Report report, List<Path> written) {
        if (json) {
            var object = new LinkedHashMap<String, Object>();
            object.put("title", report.title());
            object.put("figures", report.figures());
            object.put("findings", report.findings());
            object.put(
                    "charts", report.charts().stream().map(chart -> chart.id()).toList());
            object.put("files", written.stream().map(Path::toString).toList());
            Json.println(console.out(), object);
            return;
        }
        TerminalReport.print(report, console.out());
        written.forEach(file -> console.out().println("Wrote " + file));
    }
}
