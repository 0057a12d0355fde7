package dev.attune.cli;

import dev.attune.files.InputException;
import dev.attune.recipe.Recipe;
import dev.attune.recipe.RecipeOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** A recipe's options as flags: one for each, under the same name, with the same help. */
final class RecipeFlags {
    private RecipeFlags() {}

    /** Adds the flags of those options that are {@code wanted}, each section of a recipe under a heading of its own. */
    static void addTo(CommandSpec command, Predicate<RecipeOption> wanted) {
        Map<String, List<RecipeOption>> sections = new LinkedHashMap<>();
        for (RecipeOption option : Recipe.options()) {
            if (wanted.test(option)) {
                sections.computeIfAbsent(option.section(), s -> new ArrayList<>())
                        .add(option);
            }
        }
        int order = 0;
        for (var section : sections.entrySet()) {
            var group = ArgGroupSpec.builder()
                    .heading("%n" + heading(section.getKey()) + "%n")
                    .order(order++)
                    .validate(false);
            int place = 0;
            for (RecipeOption option : section.getValue()) {
                group.addArg(flag(option, place++));
            }
            command.addArgGroup(group.build());
        }
    }

    private static String heading(String section) {
        return Character.toUpperCase(section.charAt(0)) + section.substring(1) + ":";
    }

    private static OptionSpec flag(RecipeOption option, int place) {
        boolean isSwitch = option.type() == boolean.class || option.type() == Boolean.class;
        var flag = OptionSpec.builder("--" + option.name())
                .order(place)
                .description(description(option).replace("%", "%%"));
        // Values stay strings: the recipe converts them as it does a YAML file's, with the same messages.
        return isSwitch
                ? flag.type(boolean.class).arity("0").negatable(true).build()
                : flag.type(String.class).paramLabel(valueName(option)).build();
    }

    private static String description(RecipeOption option) {
        Object value = option.defaultValue();
        String shown = value instanceof List<?> list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : Objects.toString(value, "");
        if (shown.isBlank() || shown.equals("false")) {
            return option.description();
        }
        return (option.description() + " (default: " + shown + ")").strip();
    }

    private static String valueName(RecipeOption option) {
        Class<?> type = option.type();
        if (type == Path.class) {
            return option.name().endsWith("dir") ? "FOLDER" : "FILE";
        }
        boolean isNumber = type.isPrimitive() || Number.class.isAssignableFrom(type);
        return isNumber ? "N" : "VALUE";
    }

    /** {@code recipe} with what was given on the command line; a value that does not fit is wrong usage. */
    static Recipe overlay(Recipe recipe, CommandSpec command) {
        var given = given(command);
        try {
            return recipe.with(given);
        } catch (InputException e) {
            throw new ParameterException(command.commandLine(), "--" + e.getMessage(), e);
        }
    }

    /** What was given on the command line, by the option's name in a recipe. */
    static Map<String, Object> given(CommandSpec command) {
        Set<String> known = new HashSet<>();
        Recipe.options().forEach(option -> known.add(option.name()));
        Map<String, Object> given = new LinkedHashMap<>();
        for (OptionSpec flag : command.commandLine().getParseResult().matchedOptions()) {
            String name = flag.longestName().replaceFirst("^--", "");
            // A command may have a flag of its own that is called like an option of a recipe; it is in no group.
            if (flag.group() != null && known.contains(name)) {
                given.put(name, flag.getValue());
            }
        }
        return given;
    }
}
