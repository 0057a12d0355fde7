package dev.attune.model;

import dev.attune.torch.Dtype;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/**
 * A transformer as a stack of blocks that can be cut anywhere. The pass over a batch is
 *
 * <pre>{@code
 * Tensor x = backbone.embed(ids, attention.positions());            // (B, T) -> (B, T, C)
 * for (int i = 0; i < backbone.depth() - 1; i++) {
 *     x = backbone.block(i, x, attention);                          // (B, T, C)
 * }
 * x = backbone.block(i, x, attention.reading(rows));                // (B, T, C) -> (B, 1, C)
 * Tensor logits = backbone.score(backbone.pool(backbone.norm(x).select(1, 0)));   // (B, labels)
 * }</pre>
 *
 * <p>Shapes: B members of the batch, T tokens, R rows read (T, or 1), C hidden size, V vocabulary. Where a part's dtype
 * differs from that of what it is given, it converts what it is given: a bf16 trunk under fp32 trained blocks needs
 * nothing from the caller.
 *
 * <p>No method opens a {@link org.bytedeco.javacpp.PointerScope}; the caller does, around a pass. The parameters belong
 * to the backbone: they outlive every scope, also one that was open while it was loaded, until {@link #close()}.
 */
public interface Backbone extends BlockStack, AutoCloseable {
    ModelConfig config();

    /**
     * The parameters as a tree under the names of Hugging Face's files for the class that {@link Head} names, such as
     * {@code transformer.h.0.attn.c_attn.weight} and {@code score.weight}.
     */
    Module module();

    /** Every parameter once, in file order, under its name in the file: what is saved. */
    Map<String, Tensor> state();

    /** What the parameters that are not trained are in; fp32 where all are trained. */
    default Dtype frozenDtype() {
        return state().values().stream()
                .filter(parameter -> !parameter.requires_grad())
                .findFirst()
                .map(Dtype::of)
                .orElse(Dtype.F32);
    }

    /** The layers that multiply by a weight, head included, under their paths ({@code transformer.h.0.attn.c_attn}). */
    Map<String, Layer> layers();

    /**
     * Word and position embeddings.
     *
     * @param ids (B, T), int64
     * @param positions (B, T), or (1, T) where all members have the same; see {@link Attention#positions()}
     * @return (B, T, C)
     */
    Tensor embed(Tensor ids, Tensor positions);

    /** The word vectors alone. (B, T) -> (B, T, C) */
    Tensor words(Tensor ids);

    /**
     * What {@link #embed} makes of words, made of vectors that need not be any word's.
     *
     * @param words (B, T, C)
     * @param positions as for {@link #embed}
     * @return (B, T, C)
     */
    Tensor embedWords(Tensor words, Tensor positions);

    /** The norm after the last block; x itself in post-norm families, which have none. (…, C) -> (…, C) */
    Tensor norm(Tensor x);

    /**
     * Scores over the vocabulary of the token that comes next, for rows that {@link #norm} has seen.
     *
     * @param x (N, C)
     * @return (N, V)
     * @throws UnsupportedOperationException if the family is not causal, or it was not loaded with
     *     {@link Head.LanguageModel}
     */
    Tensor lmHead(Tensor x);

    /** What the family does to the row that is read before the linear head: BERT's pooler, else nothing. (B, C) -> (B, C) */
    Tensor pool(Tensor row);

    /**
     * Dropout (where it is on) and the linear head.
     *
     * @param row (B, C)
     * @return (B, labels)
     * @throws UnsupportedOperationException if it was not loaded with {@link Head.Labels}
     */
    Tensor score(Tensor row);

    /** The part that a parameter of {@link #state()} belongs to. */
    Part part(String parameter);

    /** Whether a token sees only those before it. */
    boolean causal();

    /** The encoder whose output the blocks attend to, of encoder-decoder families: there a pass needs its memory. */
    Optional<Encoder> encoder();

    /** Turns dropout on in exactly these parts, at the rates of config.json. It is off everywhere after loading. */
    void dropout(Predicate<Part> on);

    /** Frees the parameters; nothing of this backbone can be used afterwards. */
    @Override
    void close();
}
