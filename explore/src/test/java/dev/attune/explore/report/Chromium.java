package dev.attune.explore.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A headless Chromium, told what to do over the WebDriver protocol (W3C) of Debian's chromium-driver. */
final class Chromium implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final String session;

    /** @param profile a fresh folder */
    Chromium(Path profile) throws IOException {
        driver = new ProcessBuilder("chromedriver", "--port=0")
                .redirectErrorStream(true)
                .start();
        String root = "http://127.0.0.1:" + port(driver.inputReader(StandardCharsets.UTF_8)) + "/session";
        var flags = new ArrayList<>(FLAGS);
        flags.add("--user-data-dir=" + profile);
        var wanted = Map.of(
                "browserName",
                "chrome",
                "goog:chromeOptions",
                Map.of("args", flags),
                "goog:loggingPrefs",
                Map.of("browser", "ALL"));
        session = root + "/"
                + send(root, Map.of("capabilities", Map.of("alwaysMatch", wanted)))
                        .get("sessionId")
                        .textValue();
    }

    private static int port(BufferedReader said) throws IOException {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            var matcher = STARTED.matcher(line);
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
        throw new IOException("chromedriver did not start; it is in Debian's package chromium-driver");
    }

    /** Opens a file from disk. */
    void open(Path file) throws IOException {
        send(session + "/url", Map.of("url", file.toUri().toString()));
    }

    /** What the body of a function returns. */
    JsonNode run(String script) throws IOException {
        return send(session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** Sets the page's size and colours, and whether it is a phone's. */
    void screen(int width, int height, boolean dark) throws IOException {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** A mouse event at a place of the window. */
    void mouse(String type, double x, double y) throws IOException {
        devTools(
                "Input.dispatchMouseEvent",
                Map.of("type", type, "x", x, "y", y, "button", "left", "buttons", 1, "clickCount", 1));
    }

    /** Presses a key on what has the focus. */
    void key(String key) throws IOException {
        key(key, 0);
    }

    /** Presses a key together with Shift. */
    void shift(String key) throws IOException {
        key(key, 8);
    }

    private void key(String key, int modifiers) throws IOException {
        int code = code(key);
        Map<String, Object> event = Map.of(
                "key",
                key,
                "code",
                key.equals(" ") ? "Space" : key,
                "windowsVirtualKeyCode",
                code,
                "modifiers",
                modifiers);
        var down = new HashMap<>(event);
        down.put("type", "keyDown");
        down.put("text", key.equals("Enter") ? "\r" : key.length() == 1 ? key : "");
        devTools("Input.dispatchKeyEvent", down);
        var up = new HashMap<>(event);
        up.put("type", "keyUp");
        devTools("Input.dispatchKeyEvent", up);
    }

    private static int code(String key) {
        return switch (key) {
            case "Tab" -> 9;
            case "Enter" -> 13;
            case "ArrowLeft" -> 37;
            case "ArrowUp" -> 38;
            case "ArrowRight" -> 39;
            case "ArrowDown" -> 40;
            default -> Character.toUpperCase(key.charAt(0));
        };
    }

    /** Calls the browser over its own protocol. */
    JsonNode devTools(String command, Map<String, ?> parameters) throws IOException {
        return send(session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /** What the page wrote to its console since the last call, warnings and errors of the browser among it. */
    List<String> console() throws IOException {
        var lines = new ArrayList<String>();
        send(session + "/se/log", Map.of("type", "browser"))
                .forEach(entry -> lines.add(entry.get("level").textValue() + ": "
                        + entry.get("message").textValue()));
        return lines;
    }

    /** The window as a picture. */
    void picture(Path file) throws IOException {
        Files.write(
                file,
                Base64.getDecoder().decode(send(session + "/screenshot", null).textValue()));
    }

    /** @param body null: GET */
    private JsonNode send(String address, @Nullable Object body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(address));
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        try {
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() != 200) {
                throw new IOException(json.path("value").path("message").asText());
            }
            return json.get("value");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            client.send(
                    HttpRequest.newBuilder(URI.create(session)).DELETE().build(),
                    HttpResponse.BodyHandlers.discarding());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
        }
    }
}
