package dev.attune.model;

import dev.attune.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The keys and values of tokens that come before a pass's own: a soft prompt, a prefix, a shared instruction, or what
 * earlier passes kept. Made by {@link #of} or by a pass that {@linkplain Attention#keeping() keeps} its own.
 *
 * @param segments the passes it came from, first to last
 * @param blocks keys and values for each block, bottom to top
 */
public record Past(List<Segment> segments, List<KeyValues> blocks) {
    /**
     * Keys and values of one block, in all P slots of the past.
     *
     * @param keys (B, H, P, D), or (1, H, P, D) where all members share it; H counts key/value heads. With rotary
     *     positions they are kept rotated.
     * @param values the same shape
     */
    public record KeyValues(Tensor keys, Tensor values) {}

    /**
     * Tokens that entered the past together.
     *
     * @param width how many slots they take
     * @param lengths how many of the slots each member fills, from the left; one number where all members share it
     * @param skipped positions between the segment before and this one, of each member or of all
     */
    public record Segment(int width, List<Integer> lengths, List<Integer> skipped) {
        public Segment {
            lengths = List.copyOf(lengths);
            skipped = List.copyOf(skipped);
            if (lengths.isEmpty() || lengths.stream().anyMatch(n -> n < 0 || n > width)) {
                throw new IllegalArgumentException("Lengths " + lengths + " do not fit a width of " + width);
            }
        }

        /** A segment that follows the one before without a gap. */
        public Segment(int width, List<Integer> lengths) {
            this(width, lengths, List.of(0));
        }

        int length(int member) {
            return of(lengths, member);
        }

        int skipped(int member) {
            return of(skipped, member);
        }

        private static int of(List<Integer> numbers, int member) {
            return numbers.get(numbers.size() == 1 ? 0 : member);
        }

        /** Of these members alone, in this order. */
        Segment keep(int... members) {
            return new Segment(width, each(lengths, members), each(skipped, members));
        }

        private static List<Integer> each(List<Integer> numbers, int... members) {
            return numbers.size() == 1
                    ? numbers
                    : IntStream.of(members).mapToObj(numbers::get).toList();
        }

        boolean full() {
            return lengths.stream().allMatch(n -> n == width);
        }
    }

    public Past {
        segments = List.copyOf(segments);
        blocks = List.copyOf(blocks);
    }

    /** A past in which every slot is filled for every member. */
    public static Past of(List<KeyValues> blocks) {
        int width = Math.toIntExact(blocks.get(0).keys().size(2));
        return new Past(List.of(new Segment(width, List.of(width))), blocks);
    }

    /** The keys and values of these members alone, in this order; those that all share stay as they are. */
    public Past keep(int... members) {
        var kept = segments.stream().map(segment -> segment.keep(members)).toList();
        return new Past(
                kept,
                blocks.stream()
                        .map(block -> new KeyValues(keep(block.keys(), members), keep(block.values(), members)))
                        .toList());
    }

    /** (B, H, P, D) -> (members, H, P, D) */
    private static Tensor keep(Tensor x, int... members) {
        return x.size(0) == 1
                ? x
                : x.index_select(0, Tensors.of(members, members.length).to(x.device(), ScalarType.Long));
    }

    /** How many slots: P. */
    public int width() {
        return segments.stream().mapToInt(Segment::width).sum();
    }

    /** How many tokens a member has in it. */
    public int length(int member) {
        return segments.stream().mapToInt(s -> s.length(member)).sum();
    }

    /** The position of the token that comes next. */
    public int next(int member) {
        return segments.stream()
                .mapToInt(s -> s.skipped(member) + s.length(member))
                .sum();
    }

    /** Whether every slot is filled, for every member. */
    boolean full() {
        return segments.stream().allMatch(Segment::full);
    }

    /** The position of the token in each slot, or -1 where the slot is empty. */
    int[] positions(int member) {
        return slots(member, true);
    }

    /** How many tokens the one in each slot follows, whatever was skipped, or -1 where the slot is empty. */
    int[] ordinals(int member) {
        return slots(member, false);
    }

    private int[] slots(int member, boolean skipping) {
        int[] positions = new int[width()];
        Arrays.fill(positions, -1);
        int slot = 0;
        int position = 0;
        for (Segment segment : segments) {
            position += skipping ? segment.skipped(member) : 0;
            for (int i = 0; i < segment.length(member); i++) {
                positions[slot + i] = position++;
            }
            slot += segment.width();
        }
        return positions;
    }

    /** The segments followed by one more; full ones in a row become one, so that a long text is no long list. */
    List<Segment> followedBy(Segment next) {
        var all = new ArrayList<>(segments);
        Segment last = all.isEmpty() ? null : all.get(all.size() - 1);
        boolean gap = next.skipped().stream().anyMatch(n -> n > 0);
        if (last != null && last.full() && next.full() && !gap) {
            int width = last.width() + next.width();
            all.set(all.size() - 1, new Segment(width, List.of(width), last.skipped()));
        } else {
            all.add(next);
        }
        return all;
    }
}
