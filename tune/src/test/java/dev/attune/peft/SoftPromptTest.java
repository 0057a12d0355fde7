package dev.attune.peft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.TinyModels;
import dev.attune.checkpoint.Checkpoint;
import dev.attune.model.Backbone;
import dev.attune.model.Families;
import dev.attune.model.Head;
import dev.attune.model.LoadOptions;
import dev.attune.model.ModelConfig;
import dev.attune.tokenizer.Tokenizer;
import dev.attune.torch.Dtype;
import dev.attune.torch.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a soft prompt begins with. */
class SoftPromptTest {
    private static final String TEXT = "what is it about";

    @TempDir
    Path folder;

    /** As peft does it: the text's ids again and again, as many as there are virtual tokens. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 40})
    @SuppressWarnings("try") // the scope is there for what it does
    void aTextIsRepeatedOrCut(int count) {
        try (var scope = new PointerScope();
                var backbone = load(Dtype.F32);
                var tokenizer = Tokenizer.load(folder)) {
            int[] ids = tokenizer.encode(TEXT, Integer.MAX_VALUE);
            assertThat(ids.length).isBetween(4, 39);
            int[] expected = new int[count];
            Arrays.setAll(expected, i -> ids[i % ids.length]);

            try (var prompt = SoftPrompt.ofText(backbone, tokenizer, TEXT, count)) {
                assertThat(values(prompt)).isEqualTo(words(backbone, expected));
            }
        }
    }

    @Test
    @SuppressWarnings("try") // as above
    void sampledTokensAreOfTheVocabularyAndDependOnTheSeed() {
        try (var scope = new PointerScope();
                var backbone = load(Dtype.F32);
                var one = SoftPrompt.ofVocabulary(backbone, 6, 1);
                var same = SoftPrompt.ofVocabulary(backbone, 6, 1);
                var other = SoftPrompt.ofVocabulary(backbone, 6, 2)) {
            int[] vocabulary = new int[backbone.config().vocabSize()];
            Arrays.setAll(vocabulary, i -> i);
            assertThat(Arrays.asList(words(backbone, vocabulary))).contains(values(one));
            assertThat(values(one)).isEqualTo(values(same));
            assertThat(values(one)).isNotEqualTo(values(other));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"F32", "BF16"})
    @SuppressWarnings("try") // as above
    void isTrainedInFp32WhateverTheModelIsIn(Dtype dtype) {
        try (var scope = new PointerScope();
                var backbone = load(dtype);
                var tokenizer = Tokenizer.load(folder);
                var text = SoftPrompt.ofText(backbone, tokenizer, TEXT, 4);
                var random = SoftPrompt.random(backbone, 4, 1)) {
            for (var prompt : new SoftPrompt[] {text, random}) {
                assertThat(prompt.parameters().values())
                        .allMatch(parameter -> Dtype.of(parameter) == Dtype.F32 && parameter.requires_grad());
            }
        }
    }

    private Backbone load(Dtype dtype) {
        TinyModels.write("gpt2", folder, TinyModels.ROOMY);
        var options = LoadOptions.frozen(new Head.LanguageModel()).withFrozen(dtype);
        return Families.load(Checkpoint.open(folder), ModelConfig.read(folder), options)
                .backbone();
    }

    private static float[][] values(SoftPrompt prompt) {
        return Tensors.toFloatRows(
                Objects.requireNonNull(prompt.saved().get(SoftPrompt.NAME)).detach());
    }

    private static float[][] words(Backbone backbone, int[] ids) {
        Tensor words = backbone.words(Tensors.of(new int[][] {ids})); // (1, P, C)
        return Tensors.toFloatRows(words.squeeze(0).detach());
    }
}
