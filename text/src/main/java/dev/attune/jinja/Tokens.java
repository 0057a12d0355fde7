package dev.attune.jinja;

import dev.attune.jinja.Token.Kind;
import java.util.List;
import java.util.Set;

/** A template's tokens, read from first to last. */
final class Tokens {
    private final List<Token> tokens;
    private int next;

    /** @param tokens ending with one of kind END */
    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(next);
    }

    Token following() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token advance() {
        Token token = current();
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    boolean at(Kind kind) {
        return current().is(kind);
    }

    boolean atName(String name) {
        return current().isName(name);
    }

    boolean atNameOf(Set<String> names) {
        return at(Kind.NAME) && names.contains(current().text());
    }

    boolean atOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean skipName(String name) {
        boolean there = atName(name);
        if (there) {
            advance();
        }
        return there;
    }

    boolean skipOperator(String operator) {
        boolean there = atOperator(operator);
        if (there) {
            advance();
        }
        return there;
    }

    Token expect(Kind kind, String description) {
        if (!at(kind)) {
            throw expected(description);
        }
        return advance();
    }

    String expectName() {
        return expect(Kind.NAME, "a name").text();
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw expected("'" + name + "'");
        }
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw expected("'" + operator + "'");
        }
    }

    TemplateException expected(String what) {
        return error("expected " + what + ", not " + current().description());
    }

    TemplateException error(String message) {
        return new TemplateException(message, current().line());
    }
}
