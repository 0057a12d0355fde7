package dev.attune.recipe;

import static com.fasterxml.jackson.databind.cfg.CoercionAction.Fail;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.attune.classifier.Unfreeze;
import dev.attune.files.InputException;
import dev.attune.files.Suggestions;
import dev.attune.training.Description;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An option of a recipe, found in a record: one declaration is at once the YAML key, the command line's flag, its help and its
 * default.
 *
 * @param section of the recipe: data, model, peft, prompt, labels, contrastive, training or speed
 * @param name in kebab case, such as {@code learning-rate}
 * @param description one line, empty where the name says it all
 * @param type of its value
 * @param defaultValue null where there is none
 */
public record RecipeOption(
        String section,
        String name,
        String description,
        Class<?> type,
        @Nullable Object defaultValue) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(LogicalType.Boolean, config -> config.setCoercion(CoercionInputShape.Integer, Fail))
            .withCoercionConfigDefaults(config -> config.setCoercion(CoercionInputShape.EmptyString, Fail))
            .build();

    static List<RecipeOption> ofAll(Recipe defaults) {
        var options = new ArrayList<RecipeOption>();
        for (RecordComponent part : Recipe.class.getRecordComponents()) {
            var section = (Record) Objects.requireNonNull(get(defaults, part));
            for (RecordComponent component : section.getClass().getRecordComponents()) {
                var description = component.getAnnotation(Description.class);
                options.add(new RecipeOption(
                        part.getName(),
                        nameOf(component),
                        description == null ? "" : description.value(),
                        component.getType(),
                        plain(get(section, component))));
            }
        }
        return options;
    }

    static void requireKnown(Collection<String> names, List<RecipeOption> options) {
        var known = options.stream().map(RecipeOption::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new InputException(
                        "There is no option '" + name + "' in a recipe." + Suggestions.nearest(name, known));
            }
        }
    }

    /** The record with the components that {@code values} names replaced; a null value takes the option away. */
    static <R extends Record> R overlay(R section, Map<String, ?> values) {
        @SuppressWarnings("unchecked")
        var type = (Class<R>) section.getClass();
        var components = type.getRecordComponents();
        var arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = nameOf(components[i]);
            arguments[i] = values.containsKey(name)
                    ? convert(name, values.get(name), components[i])
                    : get(section, components[i]);
        }
        return construct(type, arguments);
    }

    /** The components that have a value, as YAML would hold them. */
    static Map<String, Object> values(Record section) {
        var values = new LinkedHashMap<String, Object>();
        for (RecordComponent component : section.getClass().getRecordComponents()) {
            Object value = plain(get(section, component));
            if (value != null) {
                values.put(nameOf(component), value);
            }
        }
        return values;
    }

    private static @Nullable Object convert(String name, @Nullable Object value, RecordComponent component) {
        if (value == null) {
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                throw new InputException(name + " has no value; leave it out for the default.");
            }
            return null;
        }
        Class<?> raw = component.getType();
        boolean scalar = value instanceof String || value instanceof Number || value instanceof Boolean;
        try {
            if (raw.isInstance(value) && !(value instanceof List)) {
                return value;
            } else if (raw.isEnum()) {
                return constant(name, value.toString(), raw);
            } else if (raw == Path.class && scalar) {
                return Path.of(value.toString());
            } else if (raw == List.class && scalar) {
                var items = Arrays.stream(value.toString().split(",")).map(String::trim);
                return JSON.convertValue(items.toList(), JSON.constructType(component.getGenericType()));
            }
            Object given = raw == Unfreeze.class && scalar ? value.toString() : value;
            Object converted = JSON.convertValue(given, JSON.constructType(component.getGenericType()));
            if (converted == null || (converted instanceof List<?> list && list.contains(null))) {
                throw new IllegalArgumentException("A value is missing."); // Jackson reads "" and null so
            }
            return converted;
        } catch (IllegalArgumentException e) {
            if (e.getCause() != null && e.getCause().getCause() instanceof InputException cause) {
                throw cause;
            }
            throw new InputException(
                    name + " is '" + value + "'; it takes " + expected(component.getGenericType()) + ".", e);
        }
    }

    private static Object constant(String name, String text, Class<?> type) {
        var names = new ArrayList<String>();
        for (Object constant : type.getEnumConstants()) {
            if (nameOf((Enum<?>) constant).equals(text)) {
                return constant;
            }
            names.add(nameOf((Enum<?>) constant));
        }
        throw new InputException(name + " is '" + text + "'; it takes " + String.join(", ", names) + ".");
    }

    private static String expected(Type type) {
        if (type instanceof ParameterizedType list) {
            return list.getActualTypeArguments()[0] == Double.class ? "a list of numbers" : "a list of names";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        return type == double.class || type == Double.class ? "a number" : "a single word or text";
    }

    /** As Jackson writes it: enums and paths as strings. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Enum<?> constant) {
            return nameOf(constant);
        }
        return value instanceof Path path ? path.toString() : JSON.convertValue(value, Object.class);
    }

    static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String nameOf(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object get(Record section, RecordComponent component) {
        try {
            return component.getAccessor().invoke(section);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <R extends Record> R construct(Class<R> type, @Nullable Object[] arguments) {
        try {
            var types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InputException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
