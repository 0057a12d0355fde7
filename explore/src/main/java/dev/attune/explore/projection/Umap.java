package dev.attune.explore.projection;

import dev.attune.explore.matrix.Rows;
import dev.attune.files.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * UMAP in two dimensions (McInnes, Healy and Melville 2018) by Tag.bio's Java port. It begins from drawn points, as the port
 * knows no other start, so clusters' places relative to each other mean less than in t-SNE's picture here.
 */
public final class Umap {
    private Umap() {}

    /**
     * Places each row.
     *
     * @param rows more than {@code neighbours}, without missing values
     * @param neighbours how many each row is held together with; 5 to 50 as a rule
     * @param minDistance how near points may come, 0 to 1
     * @return the same points for the same seed
     */
    public static List<Point> fit(double[][] rows, int neighbours, double minDistance, long seed) {
        Rows.requireFinite(rows, 4);
        if (neighbours < 2 || neighbours >= rows.length) {
            throw new InputException("UMAP takes 2 neighbours or more, but fewer than the rows, of which there are "
                    + rows.length + "; " + neighbours + " were asked for.");
        }
        if (!(minDistance >= 0 && minDistance <= 1)) {
            throw new InputException("UMAP's smallest distance is " + minDistance + "; it takes 0 to 1.");
        }
        float[][] places = new tagbio.umap.Umap()
                .setNumberComponents(2)
                .setNumberNearestNeighbours(neighbours)
                .setMinDist((float) minDistance)
                .setRandom(new Random(seed))
                .setThreads(1) // with more, the seed no longer decides
                .fitTransform(Arrays.stream(rows).map(Umap::narrowed).toArray(float[][]::new));
        return Arrays.stream(places).map(p -> new Point(p[0], p[1])).toList();
    }

    private static float[] narrowed(double[] row) {
        var narrow = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            narrow[i] = (float) row[i];
        }
        return narrow;
    }
}
