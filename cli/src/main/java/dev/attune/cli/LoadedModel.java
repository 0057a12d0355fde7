package dev.attune.cli;

import dev.attune.checkpoint.ModelFolders;
import dev.attune.classifier.TextClassifier;
import dev.attune.files.InputException;
import dev.attune.generation.TextGenerator;
import dev.attune.model.Quantization;
import dev.attune.peft.AdapterFolder;
import dev.attune.torch.Device;
import dev.attune.torch.Dtype;
import dev.attune.torch.Threads;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model that a command runs, and how it is run. */
final class LoadedModel {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A run's folder, a peft adapter, or any Hugging Face model that fits (folder, or owner/name on the hub).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String model;

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            description = "float32 or bfloat16 (default: as it was tuned, or saved).")
    private @Nullable String dtype;

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N (default: cpu).")
    private String device = "cpu";

    @Option(names = "--threads", paramLabel = "N", description = "Threads of libtorch (default: one a core).")
    private int threads;

    /** Where the run, if it is one, has its recipe. */
    Path runRecipe() {
        return Path.of(model).resolve("recipe.yaml");
    }

    TextClassifier load(Progress progress, Quantization quantization) {
        return TextClassifier.load(folder(progress), dtype(dtype), quantization, Device.named(device));
    }

    TextGenerator generator(Progress progress) {
        return TextGenerator.load(folder(progress), dtype(dtype), Device.named(device));
    }

    Path folder(Progress progress) {
        if (threads > 0) {
            Threads.set(threads);
        }
        Path folder = ModelFolders.fromEnvironment(progress::fetching).resolve(model);
        if (AdapterFolder.isAdapter(folder)) {
            try (var adapter = AdapterFolder.open(folder)) {
                adapter.baseFolder(progress::fetching); // while there is somebody to show what is fetched
            }
        }
        return folder;
    }

    /** The dtype of that name; null for null. */
    static @Nullable Dtype dtype(@Nullable String dtype) {
        if (dtype == null) {
            return null;
        }
        return switch (dtype) {
            case "float32" -> Dtype.F32;
            case "bfloat16" -> Dtype.BF16;
            case "int8" ->
                throw new InputException(
                        "dtype is 'int8', which is for the weights of classifiers alone: attune classify,"
                                + " evaluate --quantize int8.");
            default -> throw new InputException("dtype is '" + dtype + "'; it takes float32 or bfloat16.");
        };
    }
}
