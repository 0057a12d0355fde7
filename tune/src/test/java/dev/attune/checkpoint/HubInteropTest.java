package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.files.Download;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache against huggingface_hub itself: each finds what the other wrote. */
@Tag("interop")
class HubInteropTest {
    @TempDir
    Path cache;

    @TempDir
    Path other;

    @Test
    void huggingFaceFindsWhatWeDownloaded() throws Exception {
        try (var server = model()) {
            var settings = new HubSettings(server.endpoint(), cache, null, false, true);
            Path snapshot = new Hub(settings, Download.Patience.DEFAULT, Download.Progress.NONE)
                    .snapshot(new HubModel(FakeHub.REPO, "main"));
            String found = python(server, """
                    from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache
                    import sys
                    cache, repo = sys.argv[1:3]
                    print(try_to_load_from_cache(repo, "model.safetensors", cache_dir=cache))
                    print(hf_hub_download(repo, "config.json", cache_dir=cache, local_files_only=True))
                    print(snapshot_download(repo, cache_dir=cache, local_files_only=True))
                    info = scan_cache_dir(cache)
                    print(len(info.warnings), [(r.repo_id, r.nb_files, sorted(v.refs)) for r in info.repos for v in r.revisions])
                    """);
            assertThat(found.lines())
                    .containsExactly(
                            snapshot.resolve("model.safetensors").toString(),
                            snapshot.resolve("config.json").toString(),
                            snapshot.toString(),
                            "0 [('" + FakeHub.REPO + "', 3, ['main'])]");

            server.requests.clear();
            python(server, """
                    from huggingface_hub import hf_hub_download
                    import sys
                    hf_hub_download(sys.argv[2], "model.safetensors", cache_dir=sys.argv[1])
                    """);
            assertThat(server.requestsFor(" cdn "))
                    .as("downloads of a file that is there")
                    .isEmpty();
        }
    }

    @Test
    void weFindWhatHuggingFaceDownloaded() throws Exception {
        try (var server = model()) {
            python(server, """
                    from huggingface_hub import hf_hub_download
                    import sys
                    for file in ["config.json", "tokenizer.json", "model.safetensors"]:
                        hf_hub_download(sys.argv[2], file, cache_dir=sys.argv[1])
                    """);
            server.requests.clear();
            var offline = new HubSettings(server.endpoint(), cache, null, true, true);
            var model = new HubModel(FakeHub.REPO, "main");
            Path snapshot = new Hub(offline, Download.Patience.DEFAULT, Download.Progress.NONE).snapshot(model);
            for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
                assertThat(snapshot.resolve(file)).hasBinaryContent(server.content(file));
            }
            assertThat(server.requests).isEmpty();

            var online = new HubSettings(server.endpoint(), cache, null, false, true);
            assertThat(new Hub(online, Download.Patience.DEFAULT, Download.Progress.NONE).snapshot(model))
                    .isEqualTo(snapshot);
            assertThat(server.requestsFor("/resolve/"))
                    .as("files asked for again")
                    .isEmpty();
        }
    }

    private static FakeHub model() {
        return new FakeHub()
                .with("config.json", "{\"model_type\": \"bert\"}")
                .with("tokenizer.json", "{}")
                .with("model.safetensors", "weights".repeat(1000));
    }

    private String python(FakeHub server, String script) throws IOException, InterruptedException {
        String models = System.getenv()
                .getOrDefault(
                        "ATTUNE_MODELS",
                        Path.of(System.getProperty("user.home"), ".cache/attune/models")
                                .toString());
        Path python = Path.of(models, ".venv/bin/python");
        assertThat(python)
                .as("Python with huggingface_hub: run fetch_models.sh or set ATTUNE_MODELS")
                .exists();
        Path errors = Files.createTempFile(other, "python", ".err");
        var builder = new ProcessBuilder(python.toString(), "-c", script, cache.toString(), FakeHub.REPO);
        builder.environment().put("HF_ENDPOINT", server.endpoint().toString());
        builder.environment().put("HF_HUB_DISABLE_XET", "1");
        builder.environment().put("HF_HOME", other.resolve("home").toString());
        builder.environment().remove("HF_HUB_OFFLINE");
        builder.environment().remove("HF_TOKEN");
        var process = builder.redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return output;
    }
}
