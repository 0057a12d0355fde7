package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import dev.attune.torch.Tensors;
import dev.attune.torch.Threads;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Scaled dot-product attention (Vaswani et al. 2017), where several query heads may share a key head (Ainslie et al. 2023).
 */
final class ScaledDotProduct {
    /** Multiplications from which OpenBLAS takes several threads for a product. */
    private static final long OF_ONE_THREAD = 1 << 18;

    private ScaledDotProduct() {}

    /**
     * The values, weighed by how queries and keys agree.
     *
     * @param q (B, H, R, D)
     * @param kv (B, G, S, D), G a divisor of H: so many query heads share each of these
     * @param mask (B or 1, 1 or H, R or 1, S), added to the scores; H only where G is H
     * @param dropout rate on the weights
     * @param causal whether a query sees itself and the keys before it, without a mask
     * @return (B, H, R, D)
     */
    static Tensor attend(Tensor q, Past.KeyValues kv, TensorOptional mask, double dropout, boolean causal) {
        long heads = q.size(1);
        long groups = kv.keys().size(1);
        if (heads == groups) {
            return attend(q, kv.keys(), kv.values(), mask, dropout, causal);
        }
        if (q.size(2) == 1) {
            return grouped(q, kv, mask, dropout);
        }
        return attend(q, repeat(kv.keys(), heads), repeat(kv.values(), heads), mask, dropout, causal);
    }

    /**
     * The same, with no key or value repeated: the heads that share a key head are so many queries of it.
     *
     * @param mask (B or 1, 1, H/G R or 1, S), for one such head's queries after the other's
     */
    static Tensor grouped(Tensor q, Past.KeyValues kv, TensorOptional mask, double dropout) {
        long groups = kv.keys().size(1);
        long queries = q.size(1) / groups * q.size(2);
        Tensor grouped = q.reshape(q.size(0), groups, queries, q.size(3)); // (B, H, R, D) -> (B, G, H/G R, D)
        return attend(grouped, kv.keys(), kv.values(), mask, dropout, false)
                .reshape(q.sizes()); // (B, G, H/G R, D) -> (B, H, R, D)
    }

    @SuppressWarnings("try") // the setting is there for what it does
    private static Tensor attend(Tensor q, Tensor k, Tensor v, TensorOptional mask, double dropout, boolean causal) {
        if (!q.is_cpu() || largestProduct(q, k) <= OF_ONE_THREAD) {
            return kernel(q, k, v, mask, dropout, causal);
        }
        try (var products = Threads.productsInOneThread()) {
            return kernel(q, k, v, mask, dropout, causal);
        }
    }

    /** The kernel takes up to 256 queries at once. */
    private static long largestProduct(Tensor q, Tensor k) {
        return Math.min(256, q.size(2)) * k.size(2) * q.size(3);
    }

    private static Tensor kernel(Tensor q, Tensor k, Tensor v, TensorOptional mask, double dropout, boolean causal) {
        ScalarType type = dtype(q);
        Tensor read = scaled_dot_product_attention(
                Tensors.in(type, q),
                Tensors.in(type, k),
                Tensors.in(type, v),
                mask,
                dropout,
                causal,
                new DoubleOptional(),
                false);
        return Tensors.in(q.scalar_type(), read);
    }

    /**
     * The dtype to attend in: fp32 for bf16 on the processor, where libtorch's kernel for bf16 takes 20 times as long
     * (131 against 6 ms on one core for 8 members, 12 heads, 120 tokens), while matrix products gain.
     */
    static ScalarType dtype(Tensor q) {
        ScalarType type = q.scalar_type().intern();
        boolean half = type == ScalarType.BFloat16 || type == ScalarType.Half;
        return half && q.is_cpu() ? ScalarType.Float : type;
    }

    /** (B, G, S, D) -> (B, H, S, D), each head H/G times in a row. */
    private static Tensor repeat(Tensor x, long heads) {
        return x.unsqueeze(2)
                .expand(x.size(0), x.size(1), heads / x.size(1), x.size(2), x.size(3))
                .reshape(x.size(0), heads, x.size(2), x.size(3));
    }
}
