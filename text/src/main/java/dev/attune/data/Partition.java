package dev.attune.data;

import dev.attune.files.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Rows drawn into parts of given shares. */
final class Partition {
    /** 0.7 of 10 rows are 7, also where the product is 6.999999999. */
    private static final double TOLERANCE = 1e-9;

    private Partition() {}

    /** The rows of each part, drawn without regard to labels. */
    static List<int[]> plain(int size, List<Double> shares, long seed) {
        int[] sizes = sizes(size, shares);
        int[] order = Shuffle.permutation(size, seed);
        var parts = new ArrayList<int[]>();
        int from = 0;
        for (int part : sizes) {
            parts.add(Arrays.copyOfRange(order, from, from + part));
            from += part;
        }
        return parts;
    }

    /** The rows of each part: the parts are as large as {@link #plain}'s, and each class is spread by the shares. */
    static List<int[]> stratified(Dataset data, List<Double> shares, long seed) {
        int[] sizes = sizes(data.size(), shares);
        var random = new Random(seed);
        List<int[]> rowsOfClass = rowsOfClass(data);
        int[][] taken =
                allocate(rowsOfClass.stream().mapToInt(rows -> rows.length).toArray(), shares, sizes);

        int[][] parts = Arrays.stream(sizes).mapToObj(int[]::new).toArray(int[][]::new);
        int[] filled = new int[sizes.length];
        for (int c = 0; c < rowsOfClass.size(); c++) {
            int[] rows = rowsOfClass.get(c);
            Shuffle.shuffle(rows, random);
            int from = 0;
            for (int p = 0; p < parts.length; p++) {
                System.arraycopy(rows, from, parts[p], filled[p], taken[c][p]);
                filled[p] += taken[c][p];
                from += taken[c][p];
            }
        }
        for (int[] part : parts) {
            Shuffle.shuffle(part, random);
        }
        return List.of(parts);
    }

    /** Each part's number of rows by largest remainder: they add up to {@code size}, a share of 0 gets none. */
    static int[] sizes(int size, List<Double> shares) {
        double sum = 0;
        for (double share : shares) {
            if (!(share >= 0)) {
                throw new InputException("A part's share is " + share + "; shares are numbers from 0 to 1.");
            }
            sum += share;
        }
        if (Math.abs(sum - 1) > 1e-6) {
            throw new InputException("The shares of the parts " + shares + " add up to " + sum + " instead of 1.");
        }
        int[] sizes = new int[shares.size()];
        int left = size;
        for (int p = 0; p < sizes.length; p++) {
            sizes[p] = (int) Math.floor(size * shares.get(p) + TOLERANCE);
            left -= sizes[p];
        }
        var byRemainder = IntStream.range(0, sizes.length)
                .filter(p -> shares.get(p) > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(p -> sizes[p] - size * shares.get(p)))
                .toList();
        for (int i = 0; left > 0; i++, left--) {
            sizes[byRemainder.get(i % byRemainder.size())]++;
        }
        return sizes;
    }

    /**
     * How many rows of class c part p takes: the rounded-down quota, then one more where the remainder is largest, as
     * long as both the class has rows and the part has room left.
     */
    private static int[][] allocate(int[] classSizes, List<Double> shares, int[] partSizes) {
        record Cell(int label, int part, double remainder) {}

        int[][] taken = new int[classSizes.length][partSizes.length];
        int[] rowsLeft = classSizes.clone();
        int[] roomLeft = partSizes.clone();
        var cells = new ArrayList<Cell>();
        for (int c = 0; c < classSizes.length; c++) {
            for (int p = 0; p < partSizes.length; p++) {
                double quota = classSizes[c] * shares.get(p);
                taken[c][p] = (int) Math.min(roomLeft[p], Math.floor(quota + TOLERANCE));
                rowsLeft[c] -= taken[c][p];
                roomLeft[p] -= taken[c][p];
                cells.add(new Cell(c, p, quota - taken[c][p]));
            }
        }
        cells.sort(Comparator.comparingDouble(Cell::remainder).reversed());
        while (Arrays.stream(rowsLeft).anyMatch(left -> left > 0)) {
            for (Cell cell : cells) {
                if (rowsLeft[cell.label] > 0 && roomLeft[cell.part] > 0) {
                    taken[cell.label][cell.part]++;
                    rowsLeft[cell.label]--;
                    roomLeft[cell.part]--;
                }
            }
        }
        return taken;
    }

    /** For each class, and last for "no label", the rows that have it; each array is a fresh one. */
    private static List<int[]> rowsOfClass(Dataset data) {
        var rows = new ArrayList<List<Integer>>();
        for (int c = 0; c <= data.labels().size(); c++) {
            rows.add(new ArrayList<>());
        }
        for (int row = 0; row < data.size(); row++) {
            String label = data.examples().get(row).label();
            int c = label == null ? data.labels().size() : data.labels().indexOf(label);
            rows.get(c).add(row);
        }
        return rows.stream()
                .map(list -> list.stream().mapToInt(row -> row).toArray())
                .toList();
    }
}
