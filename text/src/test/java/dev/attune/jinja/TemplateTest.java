package dev.attune.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against chat/golden.json, which scripts/make_chat_golden.py writes with transformers. */
class TemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode GOLDEN = golden();
    private static final LocalDateTime NOW =
            LocalDateTime.parse(GOLDEN.path("now").textValue());

    /** A template, and what transformers makes of it: null where it has an error. */
    record Case(String template, String expected, String construct) {
        @Override
        public String toString() {
            return template;
        }
    }

    static Stream<Case> constructs() {
        return cases("constructs");
    }

    static Stream<Case> unsupported() {
        return cases("unsupported");
    }

    @ParameterizedTest
    @MethodSource("constructs")
    void rendersWhatTransformersRenders(Case golden) {
        if (golden.expected == null) {
            assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> render(golden.template));
        } else {
            assertThat(render(golden.template)).isEqualTo(golden.expected);
        }
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void namesWhatItDoesNotSupport(Case golden) {
        assertThatThrownBy(() -> render(golden.template))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(golden.construct);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'a'.getClass() }}",
                "{{ messages.getClass() }}",
                "{{ ''.class.forName('java.lang.Runtime') }}",
                "{{ ''['class']['forName']('java.lang.Runtime') }}",
                "{{ messages.stream() }}",
                "{{ bos_token.length() }}",
                "{{ bos_token.toString() }}",
                "{{ loop.getClass() }}",
                "{{ range(3).size() }}",
                "{{ namespace().getClass() }}",
                "{{ ''.__class__.__mro__ }}",
                "{{ '{0.__class__.__mro__}'.format('') }}",
                "{{ cycler.__init__.__globals__ }}",
                "{{ messages.append(1) }}",
                "{{ messages[0].update({}) }}",
                "{{ messages|map(attribute='class.name')|list }}",
                "{{ messages|attr('getClass')() }}",
                "{% include '/etc/passwd' %}",
                "{% import 'java.lang.System' as system %}"
            })
    void reachesNeitherJavaNorFilesNorTheCallersValues(String template) {
        assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> render(template));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{{ 'x' * 1000000000 }}",
                "{{ [1] * 1000000000 }}",
                "{{ range(1000000) }}",
                "{{ 'x'.ljust(1000000000) }}",
                "{{ 'x'|indent(1000000000, true) }}",
                "{{ '{:>999999999}'.format('x') }}",
                "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x='a') %}{% for i in range(60) %}{% set ns.x = ns.x.replace('a', 'aaaa') %}{% endfor %}",
                "{{ 2 ** 1000000000 }}"
            })
    void endsWhatWouldNotEnd(String template) {
        assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> render(template));
    }

    @Test
    void nestingTooDeepIsAnError() {
        String deep = "(".repeat(100_000) + "1" + ")".repeat(100_000);
        assertThatThrownBy(() -> render("{{ " + deep + " }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("too deep");
    }

    @Test
    void errorsSayTheLine() {
        assertThatThrownBy(() -> render("{% if true %}\n\n{{ nope.x }}\n{% endif %}"))
                .hasMessage("'nope' is undefined")
                .extracting(e -> ((TemplateException) e).line())
                .isEqualTo(3);
        assertThatThrownBy(() -> Template.parse("a\nb {% frobnicate %}"))
                .hasMessage("unknown tag 'frobnicate'")
                .extracting(e -> ((TemplateException) e).line())
                .isEqualTo(2);
    }

    @Test
    void anErrorBehindAMacroIsAtTheCall() {
        assertThatThrownBy(() -> render("{% macro f() %}\nx\n{% endmacro %}\n\n{{ f() ~ nope.x }}"))
                .extracting(e -> ((TemplateException) e).line())
                .isEqualTo(5);
    }

    @Test
    void takesNoOtherJavaObjects() {
        var template = Template.parse("{{ x }}");
        assertThatThrownBy(() -> template.render(Map.of("x", new Object()), NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> template.render(Map.of("x", List.of(Map.of(1, 2))), NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesTheCallersValuesAsTheyAre() {
        var list = List.of(1, 2.5f, (short) 3);
        assertThat(Template.parse("{% set x = x + [4] %}{{ x }}").render(Map.of("x", list), NOW))
                .isEqualTo("[1, 2.5, 3, 4]");
    }

    @Property(tries = 300)
    void textWithoutTagsStaysAsItIs(@ForAll String text) {
        // Jinja2 makes all line breaks \n and takes the last one away.
        String plain = text.replace('{', '(').replace('\r', ' ');
        String expected = plain.endsWith("\n") ? plain.substring(0, plain.length() - 1) : plain;
        assertThat(Template.parse(plain).render(Map.of(), NOW)).isEqualTo(expected);
    }

    @Property(tries = 300)
    void contentIsNeverReadAsATemplate(@ForAll String content) {
        assertThat(Template.parse("{{ x }}{{ [x] | join }}{{ x ~ '' }}").render(Map.of("x", content), NOW))
                .isEqualTo(content.repeat(3));
        assertThat(Template.parse("{{ '{{ 1 }}{% if %}' }}").render(Map.of(), NOW))
                .isEqualTo("{{ 1 }}{% if %}");
    }

    @Property(tries = 500)
    void anyTextParsesOrIsAnError(@ForAll("tagSoup") String text) {
        try {
            Template.parse(text).render(Map.of(), NOW);
        } catch (TemplateException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<String> tagSoup() {
        return net.jqwik.api.Arbitraries.of(
                        "{{",
                        "}}",
                        "{%",
                        "%}",
                        "{#",
                        "#}",
                        "-",
                        "+",
                        " ",
                        "\n",
                        "'",
                        "\"",
                        "if",
                        "for",
                        "in",
                        "set",
                        "endif",
                        "endfor",
                        "else",
                        "x",
                        "x",
                        "1",
                        ".",
                        "[",
                        "]",
                        "(",
                        ")",
                        "|",
                        "upper",
                        "is",
                        "not",
                        "none",
                        "=",
                        "==",
                        ",",
                        ":",
                        "~",
                        "\\",
                        "macro",
                        "endmacro",
                        "{",
                        "}",
                        "raw",
                        "endraw")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }

    private static String render(String template) {
        var variables = new LinkedHashMap<String, Object>();
        variables.put("messages", JSON.convertValue(GOLDEN.path("messages"), List.class));
        GOLDEN.path("variables")
                .properties()
                .forEach(entry -> variables.put(entry.getKey(), entry.getValue().textValue()));
        variables.put("tools", null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", false);
        return Template.parse(template).render(variables, NOW);
    }

    private static Stream<Case> cases(String part) {
        return StreamSupport.stream(GOLDEN.path(part).spliterator(), false)
                .map(node -> new Case(
                        node.path("template").textValue(),
                        node.path("expected").textValue(),
                        node.path("construct").textValue()));
    }

    private static JsonNode golden() {
        try (InputStream in = TemplateTest.class.getResourceAsStream("/chat/golden.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
