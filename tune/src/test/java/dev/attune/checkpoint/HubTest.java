package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.files.Download;
import dev.attune.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubTest {
    private static final Download.Patience QUICK =
            new Download.Patience(3, Duration.ofMillis(1), Duration.ofSeconds(20));

    @TempDir
    Path cache;

    private FakeHub server;

    @BeforeEach
    void start() {
        server = new FakeHub()
                .with("config.json", "{\"model_type\": \"bert\"}")
                .with("tokenizer.json", "{}")
                .with("model.safetensors", "weights".repeat(1000))
                .with("pytorch_model.bin", "pickle")
                .with("onnx/model.onnx", "onnx")
                .with("README.md", "# Tiny");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void laysOutTheFilesThatAreNeededAsHuggingFaceDoes() throws IOException {
        Path snapshot = hub().snapshot(model("main"));

        Path folder = cache.resolve("models--some-org--tiny.model_1");
        assertThat(snapshot).isEqualTo(folder.resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(names(snapshot)).containsExactly("config.json", "model.safetensors", "tokenizer.json");
        assertThat(folder.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        for (String file : names(snapshot)) {
            byte[] content = server.content(file);
            String etag = FakeHub.etag(file, content);
            assertThat(Files.readSymbolicLink(snapshot.resolve(file))).isEqualTo(Path.of("../../blobs", etag));
            assertThat(folder.resolve("blobs").resolve(etag)).hasBinaryContent(content);
        }
        assertThat(names(folder.resolve("blobs"))).hasSize(3);
    }

    @Test
    void downloadsNothingTwice() {
        hub().snapshot(model("main"));
        server.requests.clear();
        hub().snapshot(model("main"));
        assertThat(server.requests).singleElement().asString().contains("/api/models/");
    }

    @Test
    void sendsTheTokenToTheHubAlone() {
        server.requiredToken = "hf_secret";
        hub("hf_secret").snapshot(model("main"));
        assertThat(server.requestsFor(" hub ")).isNotEmpty().allMatch(r -> r.endsWith("Bearer hf_secret"));
        assertThat(server.requestsFor(" cdn ")).isNotEmpty().allMatch(r -> r.endsWith("null"));
    }

    @Test
    void resumesABlobThatAKilledProcessLeft() throws IOException {
        byte[] weights = server.content("model.safetensors");
        Path blob = blob("model.safetensors");
        Path blobs = cache.resolve("models--some-org--tiny.model_1/blobs");
        Files.createDirectories(blobs);
        Files.write(blob.resolveSibling(blob.getFileName() + ".incomplete"), Arrays.copyOf(weights, 3000));
        Path snapshot = hub().snapshot(model("main"));
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(server.requestsFor(" cdn ")).singleElement().asString().contains("bytes=3000-");
        assertThat(names(blobs)).hasSize(3);
    }

    @Test
    void goesOnWhenTheConnectionBreaks() {
        server.breakAfter = 2500;
        Path snapshot = hub().snapshot(model("main"));
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(server.content("model.safetensors"));
        assertThat(server.requestsFor(" cdn ")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"model.safetensors, SHA256", "tokenizer.json, GIT_SHA1"})
    void refusesContentThatIsNotWhatTheHubSays(String file, String kind) throws IOException {
        byte[] wrong = server.content(file).clone();
        wrong[1] ^= 1;
        server.lies.put(file, wrong);
        assertRefused(model("main")).hasMessageContaining(file).hasMessageContaining(kind);
        assertThat(blob(file)).doesNotExist();
        server.lies.clear();
        assertThat(hub().snapshot(model("main")).resolve(file)).hasBinaryContent(server.content(file));
    }

    @Test
    void followsTheIndexToTheShards() throws IOException {
        server.files.remove("model.safetensors");
        String index = "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}}";
        server.with("model.safetensors.index.json", index)
                .with("model-1.safetensors", "one")
                .with("model-2.safetensors", "two")
                .with("model-3.safetensors", "not named");
        assertThat(names(hub().snapshot(model("main"))))
                .containsExactly(
                        "config.json",
                        "model-1.safetensors",
                        "model-2.safetensors",
                        "model.safetensors.index.json",
                        "tokenizer.json");

        server.files.remove("model-2.safetensors");
        deleteRecursively(cache.resolve("models--some-org--tiny.model_1"));
        assertRefused(model("main")).hasMessageContaining("model-2.safetensors");
        server.status = 500;
        assertRefused(model("main")).hasMessageContaining("no whole copy");
    }

    @Test
    void downloadsAdapters() throws IOException {
        server.files.clear();
        server.with("adapter_config.json", "{}").with("adapter_model.safetensors", "adapter");
        assertThat(names(hub().snapshot(model("main"))))
                .containsExactly("adapter_config.json", "adapter_model.safetensors");
    }

    @Test
    void saysWhichWeightsThereAreWhenNoneAreSafetensors() {
        server.files.remove("model.safetensors");
        assertRefused(model("main")).hasMessageContaining("pytorch_model.bin").hasMessageContaining("safetensors");
        assertThat(cache.resolve("models--some-org--tiny.model_1")).doesNotExist();
    }

    @Test
    void asksForATokenWhereTheModelIsGated() {
        server.requiredToken = "hf_secret";
        assertRefused(model("main")).hasMessageContaining("HF_TOKEN").hasMessageContaining("terms");
    }

    @Test
    void saysWhetherTheNameOrTheRevisionIsUnknown() {
        assertRefused(model("v9")).hasMessageContaining("no revision v9");
        assertRefused(new HubModel("some-org/other", "main"))
                .hasMessageContaining("no model some-org/other")
                .hasMessageContaining("HF_TOKEN");
    }

    @Test
    void takesTheLastDownloadWhenTheHubIsAway() {
        Path snapshot = hub().snapshot(model("main"));
        server.status = 503;
        assertThat(hub().snapshot(model("main"))).isEqualTo(snapshot);
        server.close();
        assertThat(hub().snapshot(model("main"))).isEqualTo(snapshot);
        assertRefused(model("other")).hasMessageContaining("no whole copy");
    }

    @Test
    void offlineLooksIntoTheCacheOnly() throws IOException {
        assertThatThrownBy(() -> offline().snapshot(model("main")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("HF_HUB_OFFLINE");
        Path snapshot = hub().snapshot(model("main"));
        server.requests.clear();
        assertThat(offline().snapshot(model("main"))).isEqualTo(snapshot);
        assertThat(offline().snapshot(model(FakeHub.COMMIT))).isEqualTo(snapshot);
        assertThat(server.requests).isEmpty();

        Files.delete(blob("model.safetensors")); // the link in the snapshot now leads nowhere
        assertThatThrownBy(() -> offline().snapshot(model("main"))).isInstanceOf(InputException.class);
        assertThat(hub().snapshot(model("main")).resolve("model.safetensors"))
                .hasBinaryContent(server.content("model.safetensors"));
    }

    @Test
    void fetchesOnlyWhatChangedBetweenRevisions() {
        hub().snapshot(model("main"));
        String next = "f".repeat(40);
        server.revisions.put("refs/pr/1", next);
        server.with("config.json", "{\"model_type\": \"gpt2\"}");
        server.requests.clear();
        Path snapshot = hub().snapshot(model("refs/pr/1"));
        assertThat(snapshot.resolve("config.json")).hasBinaryContent(server.content("config.json"));
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(server.content("model.safetensors"));
        assertThat(server.requestsFor(" cdn ")).isEmpty();
        assertThat(cache.resolve("models--some-org--tiny.model_1/refs/refs/pr/1"))
                .hasContent(next);
    }

    @Test
    void writesCopiesWhereThereAreNoLinks() throws IOException {
        var settings = new HubSettings(server.endpoint(), cache, null, false, false);
        Path snapshot = new Hub(settings, QUICK, Download.Progress.NONE).snapshot(model("main"));
        for (String file : names(snapshot)) {
            assertThat(Files.isSymbolicLink(snapshot.resolve(file))).isFalse();
            assertThat(snapshot.resolve(file)).hasBinaryContent(server.content(file));
        }
        assertThat(offline().snapshot(model("main"))).isEqualTo(snapshot);
    }

    private static HubModel model(String revision) {
        return new HubModel(FakeHub.REPO, revision);
    }

    private Hub hub() {
        return hub(null);
    }

    private Hub hub(@Nullable String token) {
        return new Hub(new HubSettings(server.endpoint(), cache, token, false, true), QUICK, Download.Progress.NONE);
    }

    private Hub offline() {
        return new Hub(new HubSettings(server.endpoint(), cache, null, true, true), QUICK, Download.Progress.NONE);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(HubModel model) {
        return assertThatThrownBy(() -> hub().snapshot(model)).isInstanceOf(InputException.class);
    }

    private Path blob(String file) {
        String etag = FakeHub.etag(file, server.content(file));
        return cache.resolve("models--some-org--tiny.model_1/blobs").resolve(etag);
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static void deleteRecursively(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
