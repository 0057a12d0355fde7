package dev.attune.peft;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.attune.files.InputException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Which modules of a model are meant, as peft's {@code target_modules} says it: the ends of their paths
 * ({@code ["q_proj", "self.value"]}), or one regular expression for the whole path.
 *
 * @param regex null where names are given
 */
public record ModuleNames(List<String> names, @Nullable String regex) {
    /** Every linear layer but the output's. */
    public static final String ALL_LINEAR = "all-linear";

    public ModuleNames {
        names = List.copyOf(names);
        if (regex != null) {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new InputException("\"" + regex + "\" is no regular expression: " + e.getDescription() + ".", e);
            }
        }
    }

    public static ModuleNames of(List<String> names) {
        return new ModuleNames(names, null);
    }

    public static ModuleNames regex(String regex) {
        return new ModuleNames(List.of(), regex);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ModuleNames read(Object json) {
        if (json instanceof String regex) {
            return regex(regex);
        }
        if (json instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return of(list.stream().map(String.class::cast).toList());
        }
        throw new InputException(json + " is neither a list of names nor a regular expression.");
    }

    @JsonValue
    Object json() {
        return regex == null ? names : regex;
    }

    /** Whether this is {@link #ALL_LINEAR}, which no path tells. */
    boolean allLinear() {
        return regex != null && regex.equalsIgnoreCase(ALL_LINEAR);
    }

    /** Whether a module's path, such as {@code bert.encoder.layer.0.attention.self.query}, is meant. */
    boolean matches(String path) {
        return regex == null ? names.stream().anyMatch(name -> endsWith(path, name)) : Pattern.matches(regex, path);
    }

    /** Whether a path ends with these whole steps. */
    static boolean endsWith(String path, String name) {
        return path.equals(name) || path.endsWith("." + name);
    }
}
