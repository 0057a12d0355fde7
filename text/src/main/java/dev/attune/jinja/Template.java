package dev.attune.jinja;

import java.time.LocalDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed template. Safe for use by several threads. */
public final class Template {
    private final Statement.Block block;

    private Template(Statement.Block block) {
        this.block = block;
    }

    /**
     * Reads a template's text.
     *
     * @throws TemplateException when the text is not a template, or uses a tag that is not supported
     */
    public static Template parse(String text) {
        try {
            return new Template(new StatementParser(text).template());
        } catch (StackOverflowError e) {
            throw new TemplateException("expressions or tags are nested too deep");
        }
    }

    /**
     * The text for these variables.
     *
     * @param variables null, strings, numbers, booleans, lists and maps of such; they are copied
     * @param now what {@code strftime_now} tells
     * @throws TemplateException when the template raises an exception, does what Python would call an error, or uses
     *     something that is not supported
     */
    public String render(Map<String, ? extends @Nullable Object> variables, LocalDateTime now) {
        var rendering = new Scope.Rendering();
        var globals = Scope.of(Functions.at(now), rendering);
        Scope context = globals.inner();
        variables.forEach((name, value) -> context.set(name, Types.ofJava(value)));
        try {
            return block.render(context);
        } catch (TemplateException e) {
            throw e.at(rendering.line());
        } catch (StackOverflowError e) {
            throw new TemplateException("expressions, lists or macros are nested too deep", rendering.line());
        }
    }
}
