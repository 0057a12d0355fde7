package dev.attune.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.attune.files.Checksum;
import dev.attune.files.Download;
import dev.attune.files.Http;
import dev.attune.files.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Downloads models from the Hugging Face hub into the cache that Hugging Face's own library uses. */
final class Hub {
    private static final Logger log = LoggerFactory.getLogger(Hub.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    private final HubSettings settings;
    private final Download.Patience patience;
    private final Download.Progress progress;

    Hub(HubSettings settings, Download.Patience patience, Download.Progress progress) {
        this.settings = settings;
        this.patience = patience;
        this.progress = progress;
    }

    /**
     * The folder that holds the model's files at that revision. The hub is asked where the revision stands; when it
     * cannot be reached, the state of the last download is taken.
     *
     * @throws InputException when there is no such model or revision, it needs a token, it has no safetensors weights,
     *     or the hub cannot be reached and the cache has no whole copy
     */
    Path snapshot(HubModel model) {
        var cache = new HubCache(settings.cache(), model.repo(), settings.symlinks());
        if (settings.offline()) {
            return cached(model, cache)
                    .orElseThrow(() -> new InputException(model + " is not whole in the cache " + settings.cache()
                            + ", and HF_HUB_OFFLINE forbids to download it."));
        }
        Repository repository;
        try {
            repository = describe(model);
        } catch (Unreachable e) {
            Path kept = cached(model, cache)
                    .orElseThrow(() -> new InputException(
                            "Cannot download " + model + ": " + e.getMessage() + ", and the cache " + settings.cache()
                                    + " has no whole copy of it.",
                            e));
            log.warn("{}; taking {} as it was last downloaded", e.getMessage(), model);
            return kept;
        }
        return download(model, repository, cache);
    }

    private static Optional<Path> cached(HubModel model, HubCache cache) {
        return cache.commit(model.revision()).map(cache::snapshot).filter(Hub::isWhole);
    }

    private static boolean isWhole(Path snapshot) {
        boolean described = exists(snapshot, HubFiles.CONFIG) || exists(snapshot, Checkpoint.ADAPTER_CONFIG);
        boolean weights = exists(snapshot, Checkpoint.WEIGHTS) || exists(snapshot, Checkpoint.ADAPTER_WEIGHTS);
        if (!weights && exists(snapshot, ShardIndex.FILE_NAME)) {
            weights = shards(snapshot).stream().allMatch(shard -> exists(snapshot, shard));
        }
        return described && weights;
    }

    private static boolean exists(Path folder, String file) {
        return Files.isRegularFile(folder.resolve(file));
    }

    private static Set<String> shards(Path folder) {
        return new TreeSet<>(ShardIndex.read(folder).weightMap().values());
    }

    private Path download(HubModel model, Repository repository, HubCache cache) {
        var weights = HubFiles.weights(model, repository.files());
        // The weights come last: a snapshot that has them has everything, also when this process is killed.
        for (String file : HubFiles.description(repository.files())) {
            fetch(model, repository, file, cache);
        }
        Path snapshot = cache.snapshot(repository.commit());
        for (String file : weights) {
            fetch(model, repository, file, cache);
            if (file.equals(ShardIndex.FILE_NAME)) {
                for (String shard : shards(snapshot)) {
                    if (!repository.files().contains(shard)
                            || !FILE_NAME.matcher(shard).matches()) {
                        throw new InputException(model + " on the hub is incomplete: its " + ShardIndex.FILE_NAME
                                + " names " + shard + ", which it does not have.");
                    }
                    fetch(model, repository, shard, cache);
                }
            }
        }
        cache.point(model.revision(), repository.commit());
        return snapshot;
    }

    private void fetch(HubModel model, Repository repository, String file, HubCache cache) {
        if (exists(cache.snapshot(repository.commit()), file)) {
            return;
        }
        URI source = address("/" + model.repo() + "/resolve/" + repository.commit() + "/" + file);
        var remote = look(model, source);
        Path blob = cache.blob(remote.etag());
        try (var lock = cache.lock(remote.etag())) {
            log.debug("{} is locked: {}", file, lock);
            boolean fresh = !Files.exists(blob);
            if (fresh) {
                var download =
                        new Download(source, remote.size(), remote.checksum().orElse(null), settings.token(), patience);
                download.to(blob, blob.resolveSibling(remote.etag() + ".incomplete"), progress);
            }
            cache.name(remote.etag(), repository.commit(), file, fresh);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write into the cache " + cache.folder() + ": " + e.getMessage(), e);
        }
    }

    /** What the hub has of a model at a revision. */
    private record Repository(String commit, Set<String> files) {}

    private Repository describe(HubModel model) throws Unreachable {
        String revision = URLEncoder.encode(model.revision(), StandardCharsets.UTF_8);
        URI source = address("/api/models/" + model.repo() + "/revision/" + revision);
        var response = ask(Http.request(source, settings.token()).GET(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 500 || response.statusCode() == 429) {
            throw new Unreachable("the hub " + settings.endpoint() + " answers " + response.statusCode(), null);
        }
        if (response.statusCode() != 200) {
            throw refusal(model, source, response);
        }
        JsonNode answer;
        try {
            answer = JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new InputException(source + " does not answer as a model hub does. Is HF_ENDPOINT right?", e);
        }
        String commit = answer.path("sha").asText();
        if (!HubModel.isCommit(commit)) {
            throw new InputException(source + " does not name a commit. Is HF_ENDPOINT right?");
        }
        var files = new HashSet<String>();
        answer.path("siblings").forEach(file -> files.add(file.path("rfilename").asText()));
        return new Repository(commit, files);
    }

    /**
     * A file as the hub describes it.
     *
     * @param etag its blob's name: SHA-256 for large files, git's SHA-1 for others
     * @param size in bytes, or -1
     */
    private record Remote(String etag, long size) {
        Optional<Checksum> checksum() {
            return switch (etag.length()) {
                case 64 -> Optional.of(Checksum.sha256(etag));
                case 40 -> Optional.of(Checksum.gitSha1(etag));
                default -> Optional.empty();
            };
        }
    }

    private Remote look(HubModel model, URI source) {
        var request = Http.request(source, settings.token())
                .header("Accept-Encoding", "identity")
                .method("HEAD", HttpRequest.BodyPublishers.noBody());
        HttpResponse<Void> response;
        try {
            // The redirect to where the bytes lie is not followed: its answer knows nothing of the hub's headers.
            response = ask(request, HttpResponse.BodyHandlers.discarding());
        } catch (Unreachable e) {
            throw new InputException("Cannot download " + source + ": " + e.getMessage() + ".", e);
        }
        if (response.statusCode() >= 400) {
            throw refusal(model, source, response);
        }
        HttpHeaders headers = response.headers();
        String etag = headers.firstValue("X-Linked-Etag")
                .or(() -> headers.firstValue("ETag"))
                .map(tag -> tag.replaceFirst("^W/", "").replace("\"", ""))
                .filter(tag -> FILE_NAME.matcher(tag).matches())
                .orElseThrow(() -> new InputException(source + " has no ETag. Is HF_ENDPOINT right?"));
        // The length of a redirect is that of its own text.
        var size = response.statusCode() == 200
                ? Stream.of("X-Linked-Size", "Content-Length")
                : Stream.of("X-Linked-Size");
        return new Remote(
                etag,
                size.flatMap(name -> headers.firstValueAsLong(name).stream().boxed())
                        .findFirst()
                        .orElse(-1L));
    }

    private <T> HttpResponse<T> ask(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws Unreachable {
        try {
            return Http.sendWithinHost(request.timeout(patience.silence()), handler);
        } catch (IOException e) {
            throw new Unreachable("the hub " + settings.endpoint() + " cannot be reached (" + Http.reason(e) + ")", e);
        }
    }

    private InputException refusal(HubModel model, URI source, HttpResponse<?> response) {
        String code = response.headers().firstValue("X-Error-Code").orElse("");
        int status = response.statusCode();
        if (code.equals("RevisionNotFound")) {
            return new InputException(
                    "The model " + model.repo() + " on the hub has no revision " + model.revision() + ".");
        }
        if (code.equals("GatedRepo") || status == 403) {
            return new InputException("The model " + model.repo() + " asks for permission (HTTP " + status
                    + "). Accept its terms at " + settings.endpoint() + "/" + model.repo()
                    + ", then set HF_TOKEN to a token that may read it.");
        }
        if (code.equals("RepoNotFound") || status == 401 || status == 404) {
            return new InputException(
                    "There is no model " + model + " on the hub " + settings.endpoint() + " (HTTP " + status
                            + "), or it is private. Check the name and the revision; for a private model set HF_TOKEN.");
        }
        return new InputException("Cannot download " + model + ": " + source + " answers HTTP " + status + ".");
    }

    private URI address(String path) {
        return URI.create(settings.endpoint() + path);
    }

    /** The hub does not answer, which the cache may mend. */
    private static final class Unreachable extends Exception {
        private static final long serialVersionUID = 1;

        Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
