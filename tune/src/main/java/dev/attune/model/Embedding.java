package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.embedding;

import dev.attune.torch.Tensors;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A table of vectors. */
final class Embedding extends Module {
    private final Tensor weight;

    Embedding(Weights at, long rows, long width) {
        weight = Parameters.register(this, "weight", at.take("weight", rows, width));
    }

    /** (B, T) of int64 -> (B, T, C) */
    Tensor forward(Tensor ids) {
        return embedding(weight, ids.to(weight.device(), ScalarType.Long));
    }

    /** Vectors from elsewhere in the table's dtype and on its device. */
    Tensor like(Tensor vectors) {
        return vectors.to(weight.device(), weight.scalar_type());
    }

    /** The row with this index. (C) */
    Tensor row(long index) {
        return weight.select(0, index);
    }

    /** Whether the table is this one, up to dtype and device. */
    boolean holds(Tensor other) {
        try (Tensor alike = other.to(weight.device(), weight.scalar_type())) {
            return weight.equal(alike);
        }
    }

    /** The table as an output projection, for tied weights. (…, C) -> (…, rows) */
    Tensor project(Tensor x) {
        return Product.of(Tensors.in(weight.scalar_type(), x), weight, null);
    }
}
