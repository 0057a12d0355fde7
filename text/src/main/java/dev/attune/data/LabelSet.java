package dev.attune.data;

import dev.attune.files.InputException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of the classes. A label's id is its position, and stands under that id in a model's {@code id2label}. */
public final class LabelSet {
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,18}(\\.\\d{1,18})?");

    private final List<String> names;
    private final Map<String, Integer> ids = new HashMap<>();

    /**
     * Labels in the order given.
     *
     * @throws InputException when a name is empty or stands twice
     */
    public LabelSet(List<String> names) {
        this.names = List.copyOf(names);
        for (String name : this.names) {
            if (name.isEmpty()) {
                throw new InputException("A label's name is empty; every label needs a name.");
            }
            if (ids.put(name, ids.size()) != null) {
                throw new InputException("The label '" + name + "' is listed twice; labels have to differ.");
            }
        }
    }

    /** The distinct labels of {@code labels}, sorted: as numbers where every one is a number, else as strings. */
    public static LabelSet of(Collection<String> labels) {
        var distinct = new ArrayList<>(new LinkedHashSet<>(labels));
        Comparator<String> order = Comparator.naturalOrder();
        if (distinct.stream().allMatch(label -> NUMBER.matcher(label).matches())) {
            order = Comparator.<String, BigDecimal>comparing(BigDecimal::new).thenComparing(order);
        }
        distinct.sort(order);
        return new LabelSet(distinct);
    }

    public List<String> names() {
        return names;
    }

    public int size() {
        return names.size();
    }

    public String name(int id) {
        return names.get(id);
    }

    public boolean contains(String label) {
        return ids.containsKey(label);
    }

    /**
     * The id of {@code label}.
     *
     * @throws InputException when it is none of these
     */
    public int indexOf(String label) {
        Integer id = ids.get(label);
        if (id == null) {
            throw new InputException(
                    "Label '" + label + "' was not seen in training; known: " + Listing.of(names) + ".");
        }
        return id;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LabelSet that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
