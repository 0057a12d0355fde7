package dev.attune.peft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrainableParametersTest {
    @Test
    void printsAsPeftDoes() {
        assertThat(new TrainableParameters(8_192, 559_222_784))
                .hasToString("trainable params: 8,192 || all params: 559,222,784 || trainable%: 0.0015");
    }
}
