package dev.attune.bench;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.data.Dataset;
import dev.attune.data.ReadOptions;
import dev.attune.files.Download;
import java.nio.file.Path;

/** What the benchmarks measure with: always the same, and part of the project. */
final class Inputs {
    private static final Path QUICKSTART = Path.of("cli/src/main/resources/dev/attune/cli/quickstart/train.csv");

    private Inputs() {}

    /** The quickstart's 360 messages of 16 to 142 characters, six labels; benchmarks run in the project's folder. */
    static Dataset messages() {
        return Dataset.read(QUICKSTART, ReadOptions.defaults());
    }

    /** The folder of the built-in model: BERT, 6 blocks of 384, fp32. */
    static Path miniLm() {
        return ModelFolders.fromEnvironment(Download.Progress.NONE).resolve("minilm");
    }
}
