package dev.attune.training;

import dev.attune.model.Attention;
import dev.attune.model.BlockStack;
import dev.attune.model.Past;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Gradient checkpointing (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost"): of a pass only each block's input
 * is kept. Then, from the top down, one block after the other is run once more, now with a graph, and sent backward through:
 * one block's graph in memory instead of all, for a third more work. One instance serves one pass.
 *
 * <p>What stands on top of an encoder's blocks may itself be a checkpointed pass through the decoder's: its loss hands the gradients
 * of the memory on.
 */
final class GradientCheckpointing {
    private final BlockStack stack;
    private final List<Tensor> trained;
    private final List<Joined> joined = new ArrayList<>();
    private final @Nullable PointerScope pass = PointerScope.getInnerScope();
    /** What is to receive a gradient, and the gradient: handed out by the loss's own backward pass. */
    private final List<Tensor> targets = new ArrayList<>();

    private final List<Tensor> gradients = new ArrayList<>();

    /** Keys and values with a graph to what they are made from, and the leaves that the blocks read in their place. */
    private record Joined(Past own, Past leaves) {}

    /**
     * Begins a pass.
     *
     * @param trained leaves in the blocks, or none
     */
    GradientCheckpointing(BlockStack stack, List<Tensor> trained) {
        this.stack = stack;
        this.trained = List.copyOf(trained);
    }

    /** What the blocks have to read in place of keys and values with a graph to what they are made from; null for none. */
    @Nullable Past join(@Nullable Past own) {
        if (own == null || !own.blocks().get(0).keys().requires_grad()) {
            return own;
        }
        var leaves = new Past(
                own.segments(),
                own.blocks().stream()
                        .map(block -> new Past.KeyValues(leaf(block.keys()), leaf(block.values())))
                        .toList());
        joined.add(new Joined(own, leaves));
        return leaves;
    }

    private static Tensor leaf(Tensor tensor) {
        return tensor.detach().requires_grad_(true);
    }

    /**
     * The loss of a pass through all blocks.
     *
     * @param hidden (B, T, C), what enters the first block
     * @param attention of the batch, with what {@link #join} gave
     * @param last the last block's: the same, or one that reads some rows only
     * @param head (B, R, C) to a scalar
     * @return the loss; all its backward pass has left to do is to hand out gradients, and to go on from the past
     */
    @SuppressWarnings("try") // scope and guard are there for what they do
    Tensor loss(Tensor hidden, Attention attention, Attention last, UnaryOperator<Tensor> head) {
        long seed = torch.randint(1L << 62, new long[] {1}).item_long(); // the same dropout both times
        var inputs = new ArrayList<Tensor>();
        Tensor x = hidden;
        try (var noGrad = new NoGradGuard()) {
            for (int i = 0; i < stack.depth(); i++) {
                inputs.add(x);
                try (var scope = new PointerScope()) {
                    x = kept(block(i, x, attention, last, seed));
                }
            }
        }
        Tensor top = leaf(x);
        Tensor loss = head.apply(top);
        Tensor upstream = backward(loss, torch.ones_like(loss), top, List.of());
        for (int i = stack.depth() - 1; i >= 0; i--) {
            try (var scope = new PointerScope()) {
                Tensor input = leaf(inputs.get(i));
                Tensor output = block(i, input, attention, last, seed);
                upstream = backward(output, upstream, input, joined(i));
            }
        }
        if (hidden.requires_grad()) {
            targets.add(hidden);
            gradients.add(upstream);
        }
        return loss.detach().add(handOut());
    }

    private Tensor block(int i, Tensor x, Attention attention, Attention last, long seed) {
        torch.manual_seed(seed + i);
        return stack.block(i, x, i < stack.depth() - 1 ? attention : last);
    }

    /** Keys and values of block i, each with its leaf. */
    private List<Tensor[]> joined(int i) {
        var pairs = new ArrayList<Tensor[]>();
        for (Joined one : joined) {
            var own = one.own().blocks().get(i);
            var leaf = one.leaves().blocks().get(i);
            pairs.add(new Tensor[] {own.keys(), leaf.keys()});
            pairs.add(new Tensor[] {own.values(), leaf.values()});
        }
        return pairs;
    }

    /** Notes the gradients of what is trained, and gives that of the input. */
    private Tensor backward(Tensor output, Tensor upstream, Tensor input, List<Tensor[]> pairs) {
        var asked = new ArrayList<Tensor>();
        asked.add(input);
        pairs.forEach(pair -> asked.add(pair[1]));
        asked.addAll(trained);
        TensorVector found = torch.grad(
                new TensorVector(output),
                new TensorVector(asked.toArray(Tensor[]::new)),
                new TensorVector(upstream),
                new BoolOptional(),
                false,
                true);
        for (int k = 1; k < asked.size(); k++) {
            if (found.get(k).defined()) {
                targets.add(k <= pairs.size() ? pairs.get(k - 1)[0] : asked.get(k));
                gradients.add(kept(new Tensor(found.get(k))));
            }
        }
        return kept(new Tensor(found.get(0)));
    }

    /** Outlives the scope of its block. */
    private Tensor kept(Tensor made) {
        if (pass != null) {
            pass.attach(made);
        }
        return made;
    }

    /** A scalar that is 0 and whose gradients are those that were noted. */
    private Tensor handOut() {
        Tensor sum = torch.zeros(1).squeeze();
        for (int k = 0; k < targets.size(); k++) {
            // In fp32: in bf16 the factor that the backward pass comes with, one over the units, would be rounded.
            Tensor target = targets.get(k).to(torch.ScalarType.Float);
            Tensor gradient = gradients.get(k).to(torch.ScalarType.Float);
            sum = sum.add(target.mul(gradient).sum().cpu());
        }
        return sum.sub(sum.detach());
    }
}
