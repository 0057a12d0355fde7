package dev.attune.explore.outlier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.ProvidedFolders;
import dev.attune.explore.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real")
class CreditCardRealTest {
    @Test
    void findsFraudAsWellAsScikitLearn() throws IOException {
        var file = ProvidedFolders.data("numeric/creditcard_sample/creditcard_sample.csv");
        // Row number and time first, the class last.
        double[][] table = Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> Arrays.stream(line.split(","))
                        .skip(2)
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
        int[] fraud =
                Arrays.stream(table).mapToInt(row -> (int) row[row.length - 1]).toArray();
        double[][] rows = Arrays.stream(table)
                .map(row -> Arrays.copyOf(row, row.length - 1))
                .toArray(double[][]::new);

        double auc = IntStream.range(0, 5)
                .mapToDouble(seed -> IsolationForestTest.rocAuc(
                        IsolationForest.fit(rows, seed).scores(rows), fraud))
                .average()
                .orElseThrow();

        assertThat(auc)
                .isCloseTo(Golden.of("real").get("creditcard_isolation_auc").doubleValue(), within(0.02));
    }
}
