package dev.attune.cli;

import dev.attune.data.Catalog;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code attune data get}: has a known data set ready for when there is no network. */
@Command(
        name = "get",
        description = "Download a known data set, verify its checksum, and print where its files are.",
        footer = {"", "Example:", "  attune data get sms-spam"})
final class DataGet implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "NAME", description = "Name of a known data set (attune data list).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    @Option(names = "--data-dir", paramLabel = "FOLDER", description = "Folder looked at first.")
    private @Nullable Path dataDir;

    DataGet(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (var progress = new Progress(console)) {
            var files = Catalog.fromEnvironment(dataDir, progress::fetching).files(name);
            progress.finish();
            var table = new Table();
            files.forEach(table::row);
            table.print(console.out());
        }
        return 0;
    }
}
