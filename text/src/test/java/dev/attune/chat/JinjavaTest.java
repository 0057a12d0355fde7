package dev.attune.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.FatalTemplateErrorsException;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Why chat templates do not run on jinjava: what it makes of the templates and constructs of chat/golden.json, set up as near to
 * transformers as it goes. ChatTemplateTest and TemplateTest hold our own interpreter to all of them. Where one of these tests
 * fails after an update, jinjava has changed: look whether it can take the interpreter's place.
 */
class JinjavaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode GOLDEN = json();
    private static final Jinjava JINJAVA = jinjava();

    /**
     * Of the conversations that transformers renders with a template, or refuses with its message.
     *
     * @param equal as by transformers
     * @param other rendered in another way, without an error
     */
    @ParameterizedTest
    @CsvSource({
        "chatml.jinja, 18, 5",
        "chatml-tools.jinja, 1, 0",
        "llama2.jinja, 22, 1",
        "llama3.jinja, 1, 22",
        "mistral.jinja, 15, 5",
        "gemma.jinja, 7, 0",
        "phi3.jinja, 18, 5",
        "phi4-mini.jinja, 18, 5",
        "documents.jinja, 11, 12",
        "typed-tools.jinja, 0, 0"
    })
    void rendersSomeOfTheConversations(String template, int equal, int other) {
        String source = new String(resource("templates/" + template), UTF_8).replaceFirst("\n$", ""); // as Jinja does
        int same = 0;
        var silent = new ArrayList<String>();
        for (JsonNode rendering : GOLDEN.path("renderings")) {
            if (rendering.path("template").textValue().equals(template)) {
                String conversation = rendering.path("conversation").textValue();
                Map<String, Object> variables = map(GOLDEN.path("conversations").path(conversation));
                variables.put("bos_token", "<s>");
                variables.put("eos_token", "</s>");
                String rendered = render(source, variables);
                if (Objects.equals(rendered, rendering.path("expected").textValue())) {
                    same++;
                } else if (rendered != null) {
                    silent.add(conversation);
                }
            }
        }
        assertThat(same).as("equal").isEqualTo(equal);
        assertThat(silent).as("rendered in another way").hasSize(other);
    }

    /** What public chat templates are written in, and what jinjava makes of it; null for an error. */
    static Stream<Arguments> constructs() {
        return Stream.of(
                // set in a loop is the loop's own, in Jinja
                Arguments.of(
                        "{% set x = 1 %}{% for i in [1,2] %}{{ x }}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}"
                                + "{% if true %}{% set x = 9 %}{% endif %}{{ x }}",
                        "122319"),
                // a loop with a condition
                Arguments.of(
                        "{% for m in messages if m.role == 'user' %}{{ loop.index }}/{{ loop.length }}"
                                + "{% if loop.first %}F{% endif %}{% if loop.last %}L{% endif %} {% endfor %}",
                        ""),
                // None is a value, in Jinja
                Arguments.of("{{ none ~ 'a' ~ 1 ~ true }}", "a1true"),
                // a mistake is an error, in Jinja
                Arguments.of("{{ 'a' + 1 }}", "a1"),
                Arguments.of("{{ 'a'|frobnicate }}", ""),
                Arguments.of("{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}", "1"),
                // functions are values
                Arguments.of(
                        "{% if strftime_now is defined %}{% set d = strftime_now('%d %b %Y') %}{% else %}"
                                + "{% set d = '26 Jul 2024' %}{% endif %}{{ d }}",
                        "26 Jul 2024"),
                Arguments.of("{% macro f(a, b=a) %}{{ b }}{% endmacro %}{{ f(4) }}", ""),
                // filters
                Arguments.of("{{ messages[0]|items|list }}", ""),
                // the methods are Python's, and Java's are out of reach
                Arguments.of(
                        "{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith('bc') }} {{ 'abc'.startswith(('x','a')) }}"
                                + " {{ 'abc'.startswith('b', 1) }} {{ not 'a'.startswith('b') }}",
                        null),
                Arguments.of(
                        "{{ 'a\\nb\\r\\nc'.splitlines() }} {{ 'a\\n'.splitlines() }} {{ 'a\\n'.splitlines(true) }}",
                        null),
                Arguments.of("{{ 'abc'.toUpperCase() }}", "ABC"),
                Arguments.of("{% set l = [] %}{% set _ = l.append(1) %}{{ l }}", "[1]"),
                // tags
                Arguments.of("{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}[{{ a }}]", null),
                Arguments.of("{% filter upper %}abc{{ 'd' }}{% endfilter %}", null));
    }

    @ParameterizedTest
    @MethodSource("constructs")
    void makesSomethingElseOf(String template, String made) {
        JsonNode golden = StreamSupport.stream(GOLDEN.path("constructs").spliterator(), false)
                .filter(construct -> construct.path("template").textValue().equals(template))
                .findFirst()
                .orElseThrow();

        assertThat(render(template, variables()))
                .isEqualTo(made)
                .isNotEqualTo(golden.path("expected").textValue());
    }

    @Test
    void rendersLessThanHalfOfTheConstructsAndMoreInAnotherWay() {
        int equal = 0;
        int other = 0;
        for (JsonNode construct : GOLDEN.path("constructs")) {
            String rendered = render(construct.path("template").textValue(), variables());
            if (Objects.equals(rendered, construct.path("expected").textValue())) {
                equal++;
            } else if (rendered != null) {
                other++;
            }
        }
        assertThat(equal).isLessThan(GOLDEN.path("constructs").size() / 2);
        assertThat(other).isGreaterThan(equal);
    }

    /** Null where it has an error. */
    private static @Nullable String render(String template, Map<String, Object> variables) {
        try {
            return JINJAVA.render(template, variables);
        } catch (FatalTemplateErrorsException e) {
            return null;
        }
    }

    private static Jinjava jinjava() {
        var nearest = LegacyOverrides.newBuilder()
                .withEvaluateMapKeys(true)
                .withIterateOverMapKeys(true)
                .withUsePyishObjectMapper(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withAllowAdjacentTextNodes(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .withKeepNullableLoopValues(true)
                .withHandleBackslashInQuotesOnly(true)
                .build();
        var jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withNestedInterpretationEnabled(false)
                .withEnableRecursiveMacroCalls(true)
                .withLegacyOverrides(nearest)
                .build());
        jinjava.registerFunction(
                new ELFunctionDefinition("", "raise_exception", Functions.class, "raiseException", String.class));
        jinjava.registerFunction(
                new ELFunctionDefinition("", "strftime_now", Functions.class, "strftimeNow", String.class));
        return jinjava;
    }

    /** What transformers gives to templates. */
    public static final class Functions {
        private Functions() {}

        public static String raiseException(String message) {
            throw new IllegalArgumentException(message);
        }

        /** The golden templates ask for the day alone. */
        public static String strftimeNow(String format) {
            assertThat(format).isEqualTo("%d %b %Y");
            return LocalDateTime.parse(GOLDEN.path("now").textValue())
                    .format(DateTimeFormatter.ofPattern("dd MMM yyyy", Locale.ROOT));
        }
    }

    private static Map<String, Object> variables() {
        Map<String, Object> variables = map(GOLDEN.path("variables"));
        variables.put("messages", JSON.convertValue(GOLDEN.path("messages"), List.class));
        return variables;
    }

    private static Map<String, Object> map(JsonNode node) {
        return JSON.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    private static JsonNode json() {
        try {
            return JSON.readTree(resource("golden.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = JinjavaTest.class.getResourceAsStream("/chat/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
