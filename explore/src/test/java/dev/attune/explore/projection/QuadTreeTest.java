package dev.attune.explore.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class QuadTreeTest {
    private static final int POINTS = 300;

    private final double[] x = new Random(1).doubles(POINTS).toArray();
    private final double[] y = new Random(2).doubles(POINTS).toArray();

    @Test
    void withoutAnAngleEveryPairCounts() {
        for (int i = 200; i < POINTS; i++) { // a third of the points stand on others
            x[i] = x[i - 200];
            y[i] = y[i - 200];
        }
        assertRepulsion(0, 1e-9);
    }

    @Test
    void squaresStandForFarPoints() {
        assertRepulsion(0.5, 2e-2);
    }

    private void assertRepulsion(double angle, double tolerance) {
        var tree = new QuadTree(x, y);
        tree.build();
        var repulsion = new QuadTree.Repulsion();
        for (int i = 0; i < POINTS; i++) {
            tree.repel(i, angle, repulsion);
            double normaliser = 0;
            double force = 0;
            double forces = 0;
            for (int j = 0; j < POINTS; j++) {
                if (j != i) {
                    double dx = x[i] - x[j];
                    double dy = y[i] - y[j];
                    double q = 1 / (1 + dx * dx + dy * dy);
                    normaliser += q;
                    force += q * q * dx;
                    forces += q * q * Math.abs(dx);
                }
            }
            assertThat(repulsion.normaliser).isCloseTo(normaliser, within(tolerance * normaliser));
            assertThat(repulsion.forceX).isCloseTo(force, within(tolerance * forces));
        }
    }
}
