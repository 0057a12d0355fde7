package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.attune.checkpoint.Checkpoint;
import dev.attune.torch.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A tiny random model and what transformers computes with it; scripts/make_golden.py makes them. */
public record Golden(String name, Path folder, Checkpoint expected) {
    /** The families with a golden classifier. */
    static List<String> classifiers() {
        return families("classifier");
    }

    /** The families with a golden language model. */
    static List<String> causals() {
        return families("causal");
    }

    /** The families with a golden encoder-decoder. */
    static List<String> conditionals() {
        return families("conditional");
    }

    public static Golden classifier(String family) {
        return open(family, "classifier");
    }

    public static Golden causal(String family) {
        return open(family, "causal");
    }

    public static Golden conditional(String family) {
        return open(family, "conditional");
    }

    /** What one of its scripts has computed for a family. */
    public static Golden open(String family, String check) {
        Path folder = resource("/golden/" + family + "/" + check);
        return new Golden(family, folder, Checkpoint.ofFile(folder.resolve("expected.safetensors")));
    }

    /** The families of which there is this check. */
    public static List<String> families(String check) {
        try (var folders = Files.list(resource("/golden"))) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve(check)))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path resource(String at) {
        try {
            return Path.of(
                    Objects.requireNonNull(Golden.class.getResource(at), at).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public Families.Loaded load(LoadOptions options) {
        return Families.load(Checkpoint.open(folder), ModelConfig.read(folder), options);
    }

    public Tensor ids() {
        return expected.tensor("ids");
    }

    public int[] lengths() {
        return Tensors.toInts(expected.tensor("lengths"));
    }

    /** The names of the expected tensors that start so, without the start. */
    public Set<String> named(String start) {
        return expected.names().stream()
                .filter(name -> name.startsWith(start))
                .map(name -> name.substring(start.length()))
                .collect(Collectors.toSet());
    }

    /** The rows that hold tokens, one member after the other. (B, T, …) -> (sum of lengths, …) */
    public Tensor tokens(Tensor x) {
        return tokens(x, lengths());
    }

    static Tensor tokens(Tensor x, int... lengths) {
        return torch.cat(new TensorVector(Stream.iterate(0, b -> b + 1)
                .limit(lengths.length)
                .map(b -> x.select(0, b).narrow(0, 0, lengths[b]))
                .toArray(Tensor[]::new)));
    }

    /** The row the family's classification class reads. */
    static int[] readRows(Backbone backbone, Attention attention) {
        return backbone.causal() ? attention.lastRows() : new int[attention.batch()];
    }

    /** The whole pass of a classifier, the last block at the row that is read. (B, labels) */
    public static Tensor logits(Backbone backbone, Tensor ids, Attention attention) {
        Tensor x = backbone.embed(ids, attention.positions());
        int last = backbone.depth() - 1;
        for (int i = 0; i < last; i++) {
            x = backbone.block(i, x, attention);
        }
        x = backbone.block(last, x, attention.reading(readRows(backbone, attention)));
        return backbone.score(backbone.pool(backbone.norm(x).select(1, 0)));
    }

    /** A text through an encoder. (B, S) -> (B, S, C) */
    static Tensor encoded(Encoder encoder, Tensor ids, Attention attention) {
        Tensor x = encoder.embedWords(encoder.words(ids));
        for (int i = 0; i < encoder.depth(); i++) {
            x = encoder.block(i, x, attention);
        }
        return encoder.norm(x);
    }

    /** The embeddings through all blocks and the final norm. (B, T, C) */
    public static Tensor hidden(Backbone backbone, Tensor ids, Attention attention) {
        Tensor x = backbone.embed(ids, attention.positions());
        for (int i = 0; i < backbone.depth(); i++) {
            x = backbone.block(i, x, attention);
        }
        return backbone.norm(x);
    }

    /** Ten steps as scripts/make_golden.py takes them. */
    public static void train(Collection<Tensor> parameters, Supplier<Tensor> loss) {
        var options = new AdamWOptions(1e-3);
        options.weight_decay().put(0.01);
        options.eps().put(1e-4);
        var optimizer = new AdamW(new TensorVector(parameters.toArray(Tensor[]::new)), options);
        for (int step = 0; step < 10; step++) {
            optimizer.zero_grad();
            loss.get().backward();
            optimizer.step();
        }
    }

    /** Fails unless exactly the backbone's parameters are expected under this start, and each gives what is. */
    void assertParameters(String start, Backbone backbone, UnaryOperator<Tensor> of, double tolerance) {
        assertThat(backbone.state().keySet()).isEqualTo(named(start));
        backbone.state()
                .forEach((name, parameter) ->
                        assertClose(start + name, of.apply(parameter), expected.tensor(start + name), tolerance));
    }

    /** Mean cross-entropy of each token that follows another of its member; logits as of {@link #tokens}. */
    public Tensor nextTokenLoss(Tensor logits) {
        var predictions = new ArrayList<Tensor>();
        var targets = new ArrayList<Tensor>();
        int row = 0;
        int[] lengths = lengths();
        for (int b = 0; b < lengths.length; b++) {
            predictions.add(logits.narrow(0, row, lengths[b] - 1L));
            targets.add(ids().select(0, b).narrow(0, 1, lengths[b] - 1L));
            row += lengths[b];
        }
        return torch.cross_entropy_loss(
                torch.cat(new TensorVector(predictions.toArray(Tensor[]::new))),
                torch.cat(new TensorVector(targets.toArray(Tensor[]::new))));
    }

    /** Fails unless every element is within the tolerance, absolute for small and relative for large ones. */
    public static void assertClose(String what, Tensor actual, Tensor expected, double tolerance) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        float[] a = Tensors.toFloats(actual);
        float[] e = Tensors.toFloats(expected);
        for (int i = 0; i < a.length; i++) {
            // Written so that NaN fails.
            if (!(Math.abs(a[i] - e[i]) <= tolerance * Math.max(1, Math.abs(e[i])))) {
                fail("%s differs at %d: %s instead of %s", what, i, a[i], e[i]);
            }
        }
    }
}
