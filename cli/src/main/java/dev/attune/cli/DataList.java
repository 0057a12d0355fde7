package dev.attune.cli;

import dev.attune.data.Catalog;
import dev.attune.data.CatalogEntry;
import dev.attune.files.Download;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attune data list}: the known data sets. */
@Command(
        name = "list",
        description = "List the known data sets: their names stand for files wherever data is asked for.",
        footer = {
            "",
            "Each is fetched from its source when it is first used, unless a folder that ATTUNE_DATA or --data-dir names has it."
        })
final class DataList implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    DataList(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var catalog = Catalog.fromEnvironment(null, Download.Progress.NONE);
        var table = new Table().row("name", "labels", "parts", "licence", "holds");
        for (String name : catalog.names()) {
            CatalogEntry entry = catalog.entry(name);
            if (json) {
                Json.println(console.out(), asMap(name, entry));
            }
            table.row(
                    name,
                    entry.labels().size(),
                    String.join(", ", entry.parts().keySet()),
                    Terminal.oneLine(entry.licence(), 24),
                    entry.title());
        }
        if (!json) {
            table.print(console.out());
        }
        return 0;
    }

    private static Map<String, Object> asMap(String name, CatalogEntry entry) {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", name);
        map.put("title", entry.title());
        map.put("labels", entry.labels());
        map.put("parts", entry.parts().keySet());
        map.put("licence", entry.licence());
        map.put("homepage", entry.homepage().toString());
        map.put("citation", entry.citation());
        return map;
    }
}
