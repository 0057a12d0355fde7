package dev.attune.model;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the tokens of a pass stand: in which rows, at which positions, after what. As a rule they follow each other; in a
 * branching pass they are the nodes of one tree, the same for all members, and two nodes of one depth have one position.
 */
final class Layout {
    private final int[] lengths;
    private final int width;
    private final @Nullable Past past;
    private final int @Nullable [] rows;
    private final int @Nullable [] skipped;
    private final int @Nullable [] parents;
    /** How many tokens of the pass come before a row's on its branch; null where that is the row itself. */
    private final int @Nullable [] depths;

    private Layout(
            int[] lengths,
            int width,
            @Nullable Past past,
            int @Nullable [] rows,
            int @Nullable [] skipped,
            int @Nullable [] parents) {
        this.lengths = lengths;
        this.width = width;
        this.past = past;
        this.rows = rows;
        this.skipped = skipped;
        this.parents = parents;
        this.depths = parents == null ? null : depths(parents);
    }

    private static int[] depths(int... parents) {
        int[] depths = new int[parents.length];
        for (int t = 0; t < parents.length; t++) {
            depths[t] = parents[t] < 0 ? 0 : depths[parents[t]] + 1;
        }
        return depths;
    }

    /** Tokens that follow each other from position 0 on, all rows read. */
    static Layout of(int[] lengths, int width) {
        if (lengths.length == 0 || Arrays.stream(lengths).anyMatch(n -> n < 1 || n > width)) {
            throw new IllegalArgumentException(
                    "Lengths " + Arrays.toString(lengths) + " must be from 1 to the width of " + width);
        }
        return new Layout(lengths.clone(), width, null, null, null, null);
    }

    Layout after(Past before) {
        return new Layout(lengths, width, before, rows, skipped, parents);
    }

    Layout reading(int[] read) {
        if (read.length != lengths.length || Arrays.stream(read).anyMatch(r -> r < 0 || r >= width)) {
            throw new IllegalArgumentException(
                    "Rows " + Arrays.toString(read) + " do not fit " + lengths.length + " members of width " + width);
        }
        return new Layout(lengths, width, past, read.clone(), skipped, parents);
    }

    Layout skipping(int[] positions) {
        if (positions.length != lengths.length || Arrays.stream(positions).anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException(
                    "Skipped positions " + Arrays.toString(positions) + " do not fit " + lengths.length + " members");
        }
        return new Layout(lengths, width, past, rows, positions.clone(), parents);
    }

    Layout branching(int[] ofNodes) {
        boolean ordered = IntStream.range(0, ofNodes.length).allMatch(t -> ofNodes[t] >= -1 && ofNodes[t] < t);
        if (ofNodes.length != width || !ordered || Arrays.stream(lengths).anyMatch(n -> n != width)) {
            throw new IllegalArgumentException("Parents " + Arrays.toString(ofNodes) + " are no tree of " + width
                    + " nodes, each behind its parent, that all members have");
        }
        return new Layout(lengths, width, past, rows, skipped, ofNodes.clone());
    }

    /** B. */
    int batch() {
        return lengths.length;
    }

    /** T. */
    int width() {
        return width;
    }

    int[] lengths() {
        return lengths;
    }

    @Nullable Past past() {
        return past;
    }

    /** The one row each member reads, or null for all T. */
    int @Nullable [] rows() {
        return rows;
    }

    boolean branches() {
        return parents != null;
    }

    /** The row that a row's token follows within the pass, or -1 where it follows the past. */
    int parent(int row) {
        return parents == null ? row - 1 : parents[row];
    }

    /** The position of a row's token. */
    int position(int member, int row) {
        int first = (past == null ? 0 : past.next(member)) + (skipped == null ? 0 : skipped[member]);
        return first + depth(row);
    }

    /** How many tokens a row's token follows, whatever was skipped: (members, R), or (1, R) where all have the same. */
    int[][] queryOrdinals() {
        return lines(b -> rows == null ? ordinals(b) : new int[] {ordinals(b)[rows[b]]});
    }

    /** The same of the keys, slots of the past first: (members or 1, P + T), -1 where a slot is empty. */
    int[][] keyOrdinals() {
        Past before = past;
        return lines(b -> before == null
                ? ordinals(b)
                : IntStream.concat(Arrays.stream(before.ordinals(b)), Arrays.stream(ordinals(b)))
                        .toArray());
    }

    private int[] ordinals(int member) {
        int first = past == null ? 0 : past.length(member);
        return IntStream.range(0, width).map(row -> first + depth(row)).toArray();
    }

    /** A line for each member, or one for all where they are the same. */
    private int[][] lines(IntFunction<int[]> ofMember) {
        int[][] lines = IntStream.range(0, lengths.length).mapToObj(ofMember).toArray(int[][]::new);
        boolean same = Arrays.stream(lines).allMatch(line -> Arrays.equals(line, lines[0]));
        return same ? new int[][] {lines[0]} : lines;
    }

    /** How many tokens of the pass a row's token follows, itself not counted. */
    int depth(int row) {
        return depths == null ? row : depths[row];
    }

    /** Whether all members' rows have the same positions. */
    boolean samePositions() {
        return IntStream.range(1, lengths.length).allMatch(b -> position(b, 0) == position(0, 0));
    }

    /** This pass as the segment of a past. */
    Past.Segment segment() {
        if (parents != null) {
            throw new IllegalStateException("What follows a pass that branches would follow no one of its branches");
        }
        var filled = Arrays.stream(lengths).boxed().toList();
        return skipped == null
                ? new Past.Segment(width, filled)
                : new Past.Segment(width, filled, Arrays.stream(skipped).boxed().toList());
    }
}
