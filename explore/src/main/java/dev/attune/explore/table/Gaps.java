package dev.attune.explore.table;

import java.util.List;
import java.util.stream.Stream;

/**
 * What stands in the file where the values of a column are missing, empty cells aside; of each the most frequent, and how
 * much there is.
 *
 * @param missingAs known ways to spell a missing value
 * @param odd in a column of numbers, what is none
 */
record Gaps(List<ValueCount> missingAs, long missing, List<ValueCount> odd, long oddCount) {
    static final Gaps NONE = new Gaps(List.of(), 0, List.of(), 0);

    /** With one value, of {@code count} that are missing or odd as it is. */
    static Gaps of(boolean odd, ValueCount value, long count) {
        return odd ? new Gaps(List.of(), 0, List.of(value), count) : new Gaps(List.of(value), count, List.of(), 0);
    }

    Gaps and(Gaps other) {
        return new Gaps(
                Stream.concat(missingAs.stream(), other.missingAs.stream()).toList(),
                Math.max(missing, other.missing),
                Stream.concat(odd.stream(), other.odd.stream()).toList(),
                Math.max(oddCount, other.oddCount));
    }
}
