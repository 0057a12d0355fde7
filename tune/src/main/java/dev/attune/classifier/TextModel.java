package dev.attune.classifier;

import dev.attune.data.LabelSet;
import dev.attune.model.Backbone;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** What {@link TextClassifier} runs: texts to tokens, tokens to a score for each label. */
interface TextModel extends AutoCloseable {
    LabelSet labels();

    Backbone backbone();

    /** Ids of each text, in order; at least one token each. */
    List<int[]> encode(List<String> texts);

    /** Scores whose softmax is the labels' probabilities. (B, labels) */
    Tensor logits(List<int[]> texts);

    @Override
    void close();

    /** How many tokens go through the model for an encoded text. */
    default int tokens(int[] text) {
        return text.length;
    }

    /** A classification head on a backbone. */
    record WithHead(SequenceClassifier classifier, TextEncoder encoder) implements TextModel {
        @Override
        public LabelSet labels() {
            return classifier.labels();
        }

        @Override
        public Backbone backbone() {
            return classifier.backbone();
        }

        @Override
        public List<int[]> encode(List<String> texts) {
            return encoder.encode(texts);
        }

        @Override
        public Tensor logits(List<int[]> texts) {
            return classifier.logits(texts);
        }

        @Override
        public void close() {
            encoder.close();
            classifier.close();
        }
    }

    /**
     * A language model that answers with the labels' words.
     *
     * @param owner the scope that {@code ready} was made in
     */
    record WithWords(LabelScorer.Ready ready, PointerScope owner) implements TextModel {
        @Override
        public LabelSet labels() {
            return ready.scorer().labels();
        }

        @Override
        public Backbone backbone() {
            return ready.scorer().backbone();
        }

        @Override
        public List<int[]> encode(List<String> texts) {
            return ready.scorer().template().encode(texts);
        }

        @Override
        public int tokens(int[] text) {
            return ready.scorer().tokens(text.length);
        }

        @Override
        public Tensor logits(List<int[]> texts) {
            return ready.logits(texts);
        }

        @Override
        public void close() {
            owner.close();
            ready.scorer().close();
        }
    }
}
