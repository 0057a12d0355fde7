package dev.attune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PassCostTest {
    @Property(tries = 100)
    void findsTheCostThatTimesWereMadeOf(
            @ForAll @IntRange(max = 1000) int perToken,
            @ForAll @IntRange(max = 1000) int perPass,
            @ForAll @IntRange(max = 1000) int perPair) {
        var cost = new PassCost(1e-8 * perToken, 1e-5 * perPass, 1e-10 * perPair);

        var fitted = PassCost.fit(Stream.of(8, 16, 30, 60, 128)
                .flatMap(width -> Stream.of(4, 16).map(rows -> timed(rows, width, cost.seconds(rows, width))))
                .toList());

        assertThat(fitted.seconds(16, 100))
                .isCloseTo(cost.seconds(16, 100), within(1e-4 * cost.seconds(16, 100) + 1e-15));
        assertThat(fitted.seconds(3, 20)).isCloseTo(cost.seconds(3, 20), within(1e-3 * cost.seconds(3, 20) + 1e-15));
    }

    @Test
    void noPartIsBelowNothing() {
        var fitted = PassCost.fit(List.of(timed(16, 10, 0.9), timed(16, 20, 0.5), timed(16, 30, 0.4)));

        assertThat(fitted.perPass()).isBetween(0.4, 0.9);
        assertThat(fitted.perToken()).isNotNegative();
        assertThat(fitted.perPair()).isNotNegative();
    }

    @Test
    void whatHoldsAFewPassesUpDoesNotCount() {
        var cost = new PassCost(1e-5, 2e-3, 0);
        var timed = new ArrayList<PassCost.Timed>();
        for (int width = 8; width <= 64; width += 4) {
            timed.add(timed(16, width, cost.seconds(16, width) * (width % 16 == 0 ? 5 : 1)));
        }

        assertThat(PassCost.fit(timed).seconds(16, 40)).isCloseTo(cost.seconds(16, 40), withinPercentage(1));
    }

    @Test
    void passesOfOneShapeTellOfTokens() {
        var fitted = PassCost.fit(List.of(timed(16, 10, 0.3), timed(16, 10, 0.4), timed(16, 10, 0.8)));

        assertThat(fitted.seconds(16, 10)).isCloseTo(0.4, withinPercentage(1));
        assertThat(fitted.seconds(8, 10)).isCloseTo(0.2, withinPercentage(1));
    }

    private static PassCost.Timed timed(int rows, int width, double seconds) {
        return new PassCost.Timed(rows, width, seconds);
    }
}
