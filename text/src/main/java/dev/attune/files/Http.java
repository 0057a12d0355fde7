package dev.attune.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** HTTP requests that follow redirects without carrying a token to another host, and what answers mean in words. */
public final class Http {
    private static final int REDIRECTS = 10;
    private static final Set<Integer> REDIRECT = Set.of(301, 302, 303, 307, 308);

    private Http() {}

    /** Connections are shared; the client starts its threads with the first request, not with the program. */
    private static final class Client {
        static final HttpClient SHARED = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .followRedirects(HttpClient.Redirect.NEVER) // it would send the token along
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** A request for {@code source}, with {@code token} as a bearer token unless it is null. */
    public static HttpRequest.Builder request(URI source, @Nullable String token) {
        if (source.getHost() == null || !Set.of("http", "https").contains(scheme(source))) {
            throw new InputException(source + " is not an http or https address.");
        }
        var request = HttpRequest.newBuilder(source).header("User-Agent", "attune");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    /** Sends a request and follows redirects; a token goes to the request's own host only. */
    public static <T> HttpResponse<T> send(HttpRequest.Builder builder, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        return send(builder, handler, false);
    }

    /** Sends a request and follows redirects within its host: what another host would answer is not asked. */
    public static <T> HttpResponse<T> sendWithinHost(HttpRequest.Builder builder, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        return send(builder, handler, true);
    }

    private static <T> HttpResponse<T> send(
            HttpRequest.Builder builder, HttpResponse.BodyHandler<T> handler, boolean withinHost) throws IOException {
        URI first = builder.build().uri();
        URI at = first;
        for (int hop = 0; hop <= REDIRECTS; hop++) {
            HttpResponse<T> response = once(builder.uri(at), handler);
            var location = response.headers().firstValue("Location");
            if (!REDIRECT.contains(response.statusCode()) || location.isEmpty()) {
                return response;
            }
            URI next;
            try {
                next = at.resolve(location.get());
            } catch (IllegalArgumentException e) {
                throw new InputException(at + " redirects to " + location.get() + ", which is no address.", e);
            }
            if (withinHost && !sameHost(first, next)) {
                return response;
            }
            close(response);
            if (!Set.of("http", "https").contains(scheme(next))
                    || (scheme(at).equals("https") && scheme(next).equals("http"))) {
                throw new InputException(at + " redirects to " + next + ", which is not a safe address.");
            }
            if (!sameHost(at, next)) {
                builder = without(builder, "Authorization");
            }
            at = next;
        }
        throw new InputException(first + " redirects more than " + REDIRECTS + " times.");
    }

    private static <T> HttpResponse<T> once(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        try {
            return Client.SHARED.send(request.build(), handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static HttpRequest.Builder without(HttpRequest.Builder builder, String header) {
        return HttpRequest.newBuilder(builder.build(), (name, value) -> !name.equalsIgnoreCase(header));
    }

    private static void close(HttpResponse<?> response) throws IOException {
        if (response.body() instanceof AutoCloseable body) {
            try {
                body.close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    private static String scheme(URI address) {
        return address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
    }

    private static boolean sameHost(URI a, URI b) {
        return scheme(a).equals(scheme(b)) && a.getHost().equalsIgnoreCase(b.getHost()) && a.getPort() == b.getPort();
    }

    /** What an exception of the client says, for its message is often missing. */
    public static String reason(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "its host is not known";
            }
        }
        if (e instanceof HttpTimeoutException) {
            return "the server does not answer";
        }
        if (e instanceof ConnectException) {
            return "no connection to the server";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** One sentence for a status that another attempt does not mend. */
    static String refusal(URI source, int status) {
        return switch (status) {
            case 401, 403 -> source + " may not be downloaded (HTTP " + status + "): it asks for permission.";
            case 404, 410 -> source + " does not exist (HTTP " + status + ").";
            default -> "Cannot download " + source + ": the server answers HTTP " + status + ".";
        };
    }

    /** What If-Range can compare: a strong ETag; a date may cover two versions written within a second. */
    static Optional<String> strongValidator(HttpHeaders headers) {
        return headers.firstValue("ETag").filter(tag -> !tag.startsWith("W/"));
    }

    /**
     * The header Content-Range.
     *
     * @param start first byte sent, or -1 where none is or the header is missing
     * @param total the whole file's length, or -1 where it is not said
     */
    record ContentRange(long start, long total) {
        private static final Pattern SYNTAX =
                Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(?:(\\d{1,18})|\\*)");

        static ContentRange of(HttpHeaders headers) {
            var match = SYNTAX.matcher(headers.firstValue("Content-Range").orElse(""));
            return match.matches()
                    ? new ContentRange(number(match.group(1)), number(match.group(2)))
                    : new ContentRange(-1, -1);
        }

        private static long number(@Nullable String digits) {
            return digits == null ? -1 : Long.parseLong(digits);
        }
    }
}
