package dev.attune.cli;

import dev.attune.evaluation.Comparison;
import dev.attune.evaluation.PairedTest;
import dev.attune.evaluation.TestResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune compare}: runs and baselines in one table, and whether they differ by more than chance. */
@Command(
        name = "compare",
        sortOptions = false,
        description = {
            "Runs and baselines in one table, the best first, and what each differs by from the best.",
            "",
            "Differences are paired, row by row of the test part: intervals are bootstrapped, p is McNemar's exact test."
        },
        footer = {
            "",
            "Examples:",
            "  attune compare runs/spam runs/spam-lora",
            "  attune compare runs/spam baselines/spam/* --json"
        })
final class CompareCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            arity = "2..*",
            paramLabel = "RUN",
            description = "Folders of runs, or of baselines (attune baseline --out).")
    private List<Path> folders = List.of();

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the bootstrap (default: 42).")
    private long seed = 42;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var comparison = Comparison.of(folders.stream().map(TestResult::read).toList(), seed);
        if (json) {
            Json.println(
                    console.out(),
                    Map.of(
                            "results",
                            comparison.results().stream().map(ResultTable::json).toList(),
                            "against_best",
                            comparison.againstBest()));
        } else {
            ResultTable.of(comparison.results()).print(console.out());
            console.out().println();
            printDifferences(comparison);
        }
        return 0;
    }

    private void printDifferences(Comparison comparison) {
        var out = console.out();
        out.println("Less than " + comparison.results().get(0).name() + ", on the same rows:");
        out.println();
        var table = new Table()
                .row("", "accuracy", "95 % interval", "f1_macro", "95 % interval", "only best", "only this", "p");
        for (var pairing : comparison.againstBest()) {
            PairedTest test = pairing.test();
            if (test == null) {
                table.row(pairing.other(), "tested on other rows");
            } else {
                table.row(
                        pairing.other(),
                        ResultTable.difference(test.accuracyDifference()),
                        ResultTable.interval(test.accuracyInterval()),
                        ResultTable.difference(test.f1Difference()),
                        ResultTable.interval(test.f1Interval()),
                        test.onlyFirst(),
                        test.onlySecond(),
                        ResultTable.p(test.mcnemar()));
            }
        }
        table.print(out);
        out.println();
        out.println("only best, only this: rows that the best alone or this one alone gets right.");
    }
}
