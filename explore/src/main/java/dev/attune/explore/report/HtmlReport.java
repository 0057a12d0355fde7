package dev.attune.explore.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.attune.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A report as one HTML file: style, scripts (ECharts among them) and data stand in it, and its Content-Security-Policy lets it
 * load nothing and run only those scripts. The data is JSON that no parser of HTML can take for markup.
 */
final class HtmlReport {
    private static final String WEBJAR = "META-INF/maven/org.webjars/echarts/pom.properties";
    private static final JsonMapper JSON = mapper();

    private HtmlReport() {}

    static void write(Report report, Path file) {
        AtomicFile.writeString(file, html(report));
    }

    static String html(Report report) {
        String style = resource("report.css");
        String echarts = echarts();
        String script = resource("report.js");
        return """
                <!DOCTYPE html>
                <html lang="en" data-theme="light">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src %s; script-src %s %s; \
                base-uri 'none'; form-action 'none'">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="referrer" content="no-referrer">
                <meta name="generator" content="Attune">
                <title>%s</title>
                <style>%s</style>
                </head>
                <body>
                <noscript>The charts of this report are drawn by a script in this file; allow scripts to see them.</noscript>
                <script type="application/json" id="report-data">%s</script>
                <script>%s</script>
                <script>%s</script>
                </body>
                </html>
                """.formatted(
                        hash(style),
                        hash(echarts),
                        hash(script),
                        escaped(report.title()),
                        style,
                        json(report),
                        echarts,
                        script);
    }

    /** JSON without a character that means something in HTML, or to an old parser of JavaScript. */
    static String json(Report report) {
        try {
            return JSON.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonMapper mapper() {
        var shortNumbers = new SimpleModule().addSerializer(Double.class, new ShortNumbers());
        var mapper = JsonMapper.builder().addModule(shortNumbers).build();
        mapper.getFactory().setCharacterEscapes(new HtmlEscapes());
        return mapper;
    }

    /** Six significant digits: no eye sees more, and the file is half as long. */
    private static final class ShortNumbers extends JsonSerializer<Double> {
        private static final MathContext DIGITS = new MathContext(6);

        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (Double.isFinite(value)) {
                out.writeNumber(new BigDecimal(value)
                        .round(DIGITS)
                        .stripTrailingZeros()
                        .toString()
                        .replace("E+", "E"));
            } else {
                out.writeNull();
            }
        }
    }

    @SuppressWarnings("serial") // Jackson's are serializable; this one is never written
    private static final class HtmlEscapes extends CharacterEscapes {
        private final int[] ascii = standardAsciiEscapesForJSON();

        HtmlEscapes() {
            for (char c : new char[] {'<', '>', '&', '\''}) {
                ascii[c] = ESCAPE_STANDARD;
            }
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int c) {
            return c == '\u2028' || c == '\u2029' ? new SerializedString(String.format("\\u%04x", c)) : null;
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static String echarts() {
        var properties = new Properties();
        try (InputStream in = HtmlReport.class.getClassLoader().getResourceAsStream(WEBJAR)) {
            properties.load(require(in, WEBJAR));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // As Windows and git may have stored it, a parser of HTML reads line feeds, of which the hash has to be.
        return resource("/META-INF/resources/webjars/echarts/" + properties.getProperty("version")
                        + "/echarts.common.min.js")
                .strip();
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(require(in, name).readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream require(@Nullable InputStream in, String name) {
        if (in == null) {
            throw new IllegalStateException(name + " is not on the class path");
        }
        return in;
    }
}
