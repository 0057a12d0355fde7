package dev.attune.explore.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a column.
 *
 * @param count values that are there
 * @param missing the other rows: empty, or spelled as {@code missingAs} tells, or odd
 * @param distinct different values
 * @param numbers {@code null} for words and empty columns
 * @param top the most frequent values, ten at most; none for numbers of many values
 * @param missingAs how missing values are spelled, empty cells as ""
 * @param odd what stands in a column of numbers and is neither a number nor a known way to spell a missing value, the most
 *     frequent first, ten at most
 * @param oddCount how many values are odd
 */
public record ColumnProfile(
        String name,
        Kind kind,
        long count,
        long missing,
        long distinct,
        @Nullable NumberSummary numbers,
        List<ValueCount> top,
        List<ValueCount> missingAs,
        List<ValueCount> odd,
        long oddCount) {
    public ColumnProfile {
        top = List.copyOf(top);
        missingAs = List.copyOf(missingAs);
        odd = List.copyOf(odd);
    }

    /** Whether all values that are there are the same, so that the column tells nothing. */
    public boolean constant() {
        return count > 0 && distinct == 1;
    }
}
