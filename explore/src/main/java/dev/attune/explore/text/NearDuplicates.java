package dev.attune.explore.text;

import dev.attune.files.InputException;
import info.debatty.java.lsh.MinHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Texts that are nearly the same: the sets of their runs of five characters (in lower case, white space as one space) have a
 * Jaccard similarity of {@code threshold} or more. Candidates come from java-lsh's MinHash signatures in bands (Broder 1997;
 * Leskovec, Rajaraman and Ullman 2020, "Mining of Massive Datasets", chapter 3) and are compared exactly; at 0.8 one pair in
 * 20,000 is missed.
 *
 * @param groups of two rows and more, the largest first; each row is alike to some other of its group
 * @param repeated rows that go when one of each group is kept
 */
public record NearDuplicates(double threshold, List<Group> groups, int repeated) {
    /** Alike beyond a word or a number that differs. */
    public static final double USUAL = 0.8;

    private static final int SHINGLE = 5;
    private static final int BANDS = 25;
    private static final int ROWS = 5;
    /** Members of a bucket that each later one is compared with. */
    private static final int COMPARED = 50;

    private static final long SEED = 20081;

    /**
     * Rows that are alike.
     *
     * @param rows from 0, in order
     * @param similarity the least of those that joined the group
     */
    public record Group(List<Integer> rows, double similarity) {
        public Group {
            rows = List.copyOf(rows);
        }

        /** Whether its rows have different labels, given those of all rows. */
        public boolean conflicts(int[] labels) {
            return rows.stream().mapToInt(row -> labels[row]).distinct().count() > 1;
        }
    }

    public NearDuplicates {
        groups = List.copyOf(groups);
    }

    /** Alike by {@value #USUAL} and more. */
    public static NearDuplicates of(List<String> texts) {
        return of(texts, USUAL);
    }

    /**
     * Alike by so much.
     *
     * @param threshold from 0.5, below which candidates would be missed, to 1
     */
    public static NearDuplicates of(List<String> texts, double threshold) {
        if (!(threshold >= 0.5 && threshold <= 1)) {
            throw new InputException("The similarity of near-duplicates is " + threshold + "; it takes 0.5 to 1.");
        }
        // The same texts first: a spam sent a thousand times must not be compared with itself.
        Map<String, List<Integer>> same = new LinkedHashMap<>();
        for (int row = 0; row < texts.size(); row++) {
            same.computeIfAbsent(normalised(texts.get(row)), text -> new ArrayList<>())
                    .add(row);
        }
        same.remove(""); // which says nothing
        var members = List.copyOf(same.values());
        int[][] shingles = same.keySet().stream().map(NearDuplicates::shingles).toArray(int[][]::new);
        var sets = new Joined(shingles.length);
        for (var bucket : buckets(shingles)) {
            join(bucket, shingles, threshold, sets);
        }
        return of(threshold, members, sets);
    }

    private static NearDuplicates of(double threshold, List<List<Integer>> members, Joined sets) {
        Map<Integer, List<Integer>> rows = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            rows.computeIfAbsent(sets.root(i), root -> new ArrayList<>()).addAll(members.get(i));
        }
        var groups = new ArrayList<Group>();
        rows.forEach((root, ids) -> {
            if (ids.size() > 1) {
                groups.add(new Group(ids.stream().sorted().toList(), sets.least[root]));
            }
        });
        groups.sort((a, b) -> b.rows.size() - a.rows.size());
        return new NearDuplicates(
                threshold,
                groups,
                groups.stream().mapToInt(group -> group.rows.size() - 1).sum());
    }

    private static void join(int[] bucket, int[][] shingles, double threshold, Joined sets) {
        for (int i = 1; i < bucket.length; i++) {
            for (int j = Math.max(0, i - COMPARED); j < i; j++) {
                if (sets.root(bucket[i]) != sets.root(bucket[j])) {
                    double similarity = jaccard(shingles[bucket[i]], shingles[bucket[j]]);
                    if (similarity >= threshold) {
                        sets.join(bucket[i], bucket[j], similarity);
                    }
                }
            }
        }
    }

    /** Texts whose signatures agree in a band. */
    private static List<int[]> buckets(int[][] shingles) {
        var hashes = new MinHash(BANDS * ROWS, Integer.MAX_VALUE, SEED);
        int[][] signatures = Arrays.stream(shingles)
                .parallel()
                .map(set -> hashes.signature(elements(set)))
                .toArray(int[][]::new);
        var all = new ArrayList<int[]>();
        for (int band = 0; band < BANDS; band++) {
            Map<List<Integer>, List<Integer>> byBand = new HashMap<>();
            for (int i = 0; i < signatures.length; i++) {
                var key = Arrays.stream(signatures[i], band * ROWS, (band + 1) * ROWS)
                        .boxed()
                        .toList();
                byBand.computeIfAbsent(key, k -> new ArrayList<>(1)).add(i);
            }
            for (var bucket : byBand.values()) {
                if (bucket.size() > 1) {
                    all.add(bucket.stream().mapToInt(Integer::intValue).toArray());
                }
            }
        }
        return all;
    }

    /** As the library takes them, without a sign. */
    private static Set<Integer> elements(int[] shingles) {
        return Arrays.stream(shingles).mapToObj(hash -> hash >>> 1).collect(Collectors.toSet());
    }

    /** Hashes of the runs of characters, sorted, each once; of a shorter text the whole. */
    private static int[] shingles(String text) {
        if (text.length() <= SHINGLE) {
            return new int[] {text.hashCode()};
        }
        return IntStream.rangeClosed(0, text.length() - SHINGLE)
                .map(i -> text.substring(i, i + SHINGLE).hashCode())
                .sorted()
                .distinct()
                .toArray();
    }

    private static double jaccard(int[] a, int[] b) {
        int common = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            if (a[i] == b[j]) {
                common++;
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return (double) common / (a.length + b.length - common);
    }

    private static String normalised(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[\\s\\p{Z}]+", " ").strip();
    }

    /** Which texts were joined, directly or through others. */
    private static final class Joined {
        final int[] parents;
        /** Of each root, the least similarity that joined its set. */
        final double[] least;

        Joined(int size) {
            parents = IntStream.range(0, size).toArray();
            least = new double[size];
            Arrays.fill(least, 1);
        }

        int root(int i) {
            int at = i;
            while (parents[at] != at) {
                parents[at] = parents[parents[at]];
                at = parents[at];
            }
            return at;
        }

        void join(int a, int b, double similarity) {
            int first = Math.min(root(a), root(b));
            int second = Math.max(root(a), root(b));
            parents[second] = first;
            least[first] = Math.min(similarity, Math.min(least[first], least[second]));
        }
    }
}
