package dev.attune.jinja;

import java.util.List;

/**
 * What {@code dict.keys()}, {@code values()} and {@code items()} give: it has a length and can be iterated, not indexed.
 *
 * @param type {@code dict_keys}, {@code dict_values} or {@code dict_items}
 */
record DictView(String type, List<Object> items) {}
