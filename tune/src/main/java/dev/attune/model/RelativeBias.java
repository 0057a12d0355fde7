package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.log;

import dev.attune.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * T5's learned biases for relative positions (Raffel et al. 2020, section 2.1): one for each head and each bucket of
 * distances, the near ones a bucket each, the far ones in buckets that grow with their logarithm.
 */
final class RelativeBias extends Module implements Bias {
    private final Tensor weight;
    private final long heads;
    private final boolean bothWays;
    private final int[] bucketOfDistance;

    /** @param bothWays whether keys behind the query have buckets of their own, half of all */
    RelativeBias(Weights at, ModelConfig config, boolean bothWays) {
        int buckets = config.field("relative_attention_num_buckets").asInt(32);
        int farthest = config.field("relative_attention_max_distance").asInt(128);
        heads = config.heads();
        weight = Parameters.register(this, "weight", at.take("weight", buckets, heads));
        this.bothWays = bothWays;
        bucketOfDistance = buckets(bothWays ? buckets / 2 : buckets, farthest);
    }

    /** The bucket of each distance from 0 to the one from which on all are in the last. */
    static int[] buckets(int buckets, int farthest) {
        int exact = buckets / 2;
        float[] distances = new float[farthest + 1];
        Arrays.fill(distances, 1);
        for (int d = exact; d <= farthest; d++) {
            distances[d] = (float) d / exact;
        }
        // By libtorch in fp32 as the reference computes it: a rounding decides on which side of a border a distance is.
        int[] far = Tensors.toInts(log(Tensors.of(distances, distances.length))
                .div(new Scalar(Math.log((double) farthest / exact)))
                .mul(new Scalar((double) buckets - exact)));
        int[] ofDistance = new int[farthest + 1];
        for (int d = 0; d <= farthest; d++) {
            ofDistance[d] = d < exact ? d : Math.min(exact + far[d], buckets - 1);
        }
        return ofDistance;
    }

    /** (members, R) and (members, S) -> (members, H, R, S) */
    @Override
    public Tensor of(int[][] queries, int[][] keys) {
        int members = Math.max(queries.length, keys.length);
        int rows = queries[0].length;
        int width = keys[0].length;
        int[] buckets = new int[members * rows * width];
        int at = 0;
        for (int b = 0; b < members; b++) {
            for (int query : queries[queries.length == 1 ? 0 : b]) {
                for (int key : keys[keys.length == 1 ? 0 : b]) {
                    buckets[at++] = bucket(key - query);
                }
            }
        }
        return embedding(weight, Tensors.of(buckets, members, rows, width).to(weight.device(), ScalarType.Long))
                .permute(0, 3, 1, 2) // (members, R, S, H) -> (members, H, R, S)
                .to(ScalarType.Float);
    }

    private int bucket(int offset) {
        int distance = bothWays ? Math.abs(offset) : Math.max(0, -offset);
        int bucket = bucketOfDistance[Math.min(distance, bucketOfDistance.length - 1)];
        return bothWays && offset > 0 ? bucket + (int) weight.size(0) / 2 : bucket;
    }
}
