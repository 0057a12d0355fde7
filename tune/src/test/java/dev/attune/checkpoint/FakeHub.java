package dev.attune.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.attune.files.Checksum;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** One model behind the hub's HTTP interface, and a second server where its large files lie. */
final class FakeHub implements AutoCloseable {
    static final String REPO = "some-org/tiny.model_1";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** Large files, which the hub keeps elsewhere and names by SHA-256, are those of this ending. */
    static final String LARGE = ".safetensors";

    final Map<String, byte[]> files = new TreeMap<>();
    final Map<String, String> revisions = new HashMap<>(Map.of("main", COMMIT));

    /** What a file's bytes are when they are sent, where that is not what the hub says of it. */
    final Map<String, byte[]> lies = new HashMap<>();

    /** "METHOD host path range token" of each request. */
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    @Nullable String requiredToken;

    int status = 200;
    String errorCode = "";

    /** How many bytes of the next large file are sent before the connection breaks; -1 for all. */
    volatile int breakAfter = -1;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub = server(this::answer);
    private final HttpServer cdn = server(this::send);

    FakeHub with(String file, String content) {
        files.put(file, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    byte[] content(String file) {
        return Objects.requireNonNull(files.get(file), file);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    static String etag(String file, byte[] content) {
        try {
            Path temporary = Files.write(Files.createTempFile("attune", "blob"), content);
            var kind = file.endsWith(LARGE) ? Checksum.Kind.SHA256 : Checksum.Kind.GIT_SHA1;
            String hex = Checksum.of(kind, temporary).hex();
            Files.delete(temporary);
            return hex;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> requestsFor(String part) {
        return List.copyOf(requests).stream().filter(r -> r.contains(part)).toList();
    }

    private HttpServer server(HttpHandler handler) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", handler);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void note(HttpExchange http, String host) {
        var headers = http.getRequestHeaders();
        requests.add(http.getRequestMethod() + " " + host + " " + http.getRequestURI() + " " + headers.getFirst("Range")
                + " " + headers.getFirst("Authorization"));
    }

    private void answer(HttpExchange http) throws IOException {
        note(http, "hub");
        String path = http.getRequestURI().getRawPath();
        String token = http.getRequestHeaders().getFirst("Authorization");
        if (status != 200) {
            http.getResponseHeaders().set("X-Error-Code", errorCode);
            respond(http, status, new byte[0]);
        } else if (requiredToken != null && !("Bearer " + requiredToken).equals(token)) {
            http.getResponseHeaders().set("X-Error-Code", "GatedRepo");
            respond(http, 401, new byte[0]);
        } else if (path.startsWith("/api/models/" + REPO)) {
            describe(http, path.replaceFirst(".*/revision/", "").replaceFirst("^/api/.*", "main"));
        } else if (path.startsWith("/" + REPO + "/resolve/")) {
            resolve(http, path.substring(("/" + REPO + "/resolve/").length()));
        } else {
            http.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
            respond(http, 401, new byte[0]);
        }
    }

    private void describe(HttpExchange http, String revision) throws IOException {
        String commit = revisions.containsValue(revision) ? revision : revisions.get(revision.replace("%2F", "/"));
        if (commit == null) {
            http.getResponseHeaders().set("X-Error-Code", "RevisionNotFound");
            respond(http, 404, new byte[0]);
            return;
        }
        var siblings =
                files.keySet().stream().map(name -> Map.of("rfilename", name)).toList();
        respond(http, 200, json(Map.of("id", REPO, "sha", commit, "siblings", siblings)));
    }

    private void resolve(HttpExchange http, String commitAndFile) throws IOException {
        int slash = commitAndFile.indexOf('/');
        String revision = commitAndFile.substring(0, slash);
        String file = commitAndFile.substring(slash + 1);
        byte[] content = files.get(file);
        if (content == null) {
            http.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
            respond(http, 404, new byte[0]);
            return;
        }
        var headers = http.getResponseHeaders();
        headers.set("X-Repo-Commit", revisions.getOrDefault(revision, revision));
        if (file.endsWith(LARGE)) {
            headers.set("X-Linked-Etag", "\"" + etag(file, content) + "\"");
            headers.set("X-Linked-Size", Integer.toString(content.length));
            headers.set("Location", "http://127.0.0.1:" + cdn.getAddress().getPort() + "/" + file + "?signature=x");
            respond(http, 302, new byte[0]);
        } else {
            headers.set("ETag", "\"" + etag(file, content) + "\"");
            respond(http, 200, lies.getOrDefault(file, content));
        }
    }

    private void send(HttpExchange http) throws IOException {
        note(http, "cdn");
        String file = http.getRequestURI().getPath().substring(1);
        byte[] content = lies.getOrDefault(file, content(file));
        String range = http.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        byte[] rest = Arrays.copyOfRange(content, from, content.length);
        if (from > 0) {
            http.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        int count = breakAfter;
        if (count >= 0) {
            breakAfter = -1;
            http.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
            http.getResponseBody().write(rest, 0, count);
            http.close();
        } else {
            respond(http, from > 0 ? 206 : 200, rest);
        }
    }

    private static void respond(HttpExchange http, int status, byte[] body) throws IOException {
        if (http.getRequestMethod().equals("HEAD")) {
            http.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            http.sendResponseHeaders(status, -1);
        } else {
            http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            http.getResponseBody().write(body);
        }
        http.close();
    }

    private static byte[] json(Object value) {
        try {
            return new ObjectMapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        cdn.stop(0);
        threads.shutdownNow();
    }
}
