package dev.attune.checkpoint;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The float weights in an ONNX file that PyTorch exported, under PyTorch's names. The export keeps the names of biases,
 * norms and embeddings, but folds a linear layer's weight into a nameless, transposed operand of a MatMul; the Add that
 * follows names the layer by its bias. Field numbers are those of onnx.proto3.
 */
final class OnnxWeights {
    /** A weight in row-major order; not a record, for records compare their arrays by identity. */
    static final class Weight {
        private final long[] shape;
        private final float[] values;

        Weight(long[] shape, float[] values) {
            this.shape = shape;
            this.values = values;
        }

        long[] shape() {
            return shape;
        }

        float[] values() {
            return values;
        }

        Weight transposed() {
            int rows = (int) shape[0];
            int columns = (int) shape[1];
            float[] turned = new float[values.length];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    turned[j * rows + i] = values[i * columns + j];
                }
            }
            return new Weight(new long[] {columns, rows}, turned);
        }
    }

    private record Node(String operation, List<String> inputs, List<String> outputs) {}

    private static final int FLOAT = 1;
    private static final String BIAS = ".bias";

    private final Map<String, Weight> initializers = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private OnnxWeights() {}

    /**
     * Reads all weights of an ONNX model; initialisers of other types (positions, shapes) are left out.
     *
     * @throws IOException when the stream is no such model, or a MatMul's weight has no bias that names it
     */
    static Map<String, Weight> read(InputStream onnx) throws IOException {
        var weights = new OnnxWeights();
        var in = CodedInputStream.newInstance(onnx, 1 << 16);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 7 -> weights.readGraph(in);
                default -> in.skipField(tag);
            }
        }
        return weights.named();
    }

    private void readGraph(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> nodes.add(readNode(in));
                case 5 -> readInitializer(in);
                default -> in.skipField(tag);
            }
        }
        in.popLimit(outer);
    }

    private static Node readNode(CodedInputStream in) throws IOException {
        var node = new Node[] {new Node("", new ArrayList<>(), new ArrayList<>())};
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> node[0].inputs().add(in.readString());
                case 2 -> node[0].outputs().add(in.readString());
                case 4 -> node[0] = new Node(in.readString(), node[0].inputs(), node[0].outputs());
                default -> in.skipField(tag);
            }
        }
        in.popLimit(outer);
        return node[0];
    }

    private void readInitializer(CodedInputStream in) throws IOException {
        var dimensions = new ArrayList<Long>();
        int type = 0;
        String name = "";
        byte[] raw = {};
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> readDimensions(in, tag, dimensions);
                case 2 -> type = in.readInt32();
                case 8 -> name = in.readString();
                case 9 -> raw = in.readByteArray();
                default -> in.skipField(tag);
            }
        }
        in.popLimit(outer);
        if (type != FLOAT) {
            return;
        }
        long[] shape = dimensions.stream().mapToLong(Long::longValue).toArray();
        long count = 1;
        for (long dimension : shape) {
            count = Math.multiplyExact(count, dimension);
        }
        if (raw.length != count * Float.BYTES) {
            throw new InvalidProtocolBufferException("the weight " + name + " has " + raw.length + " bytes");
        }
        float[] values = new float[(int) count];
        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        initializers.put(name, new Weight(shape, values));
    }

    private static void readDimensions(CodedInputStream in, int tag, List<Long> dimensions) throws IOException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            dimensions.add(in.readInt64());
            return;
        }
        int outer = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            dimensions.add(in.readInt64());
        }
        in.popLimit(outer);
    }

    private Map<String, Weight> named() throws IOException {
        var named = new LinkedHashMap<>(initializers);
        var nameless = new HashMap<String, Weight>(); // by the output of the MatMul that uses it
        for (Node node : nodes) {
            if (node.operation().equals("MatMul")) {
                Weight weight = initializers.get(node.inputs().get(1));
                if (weight != null) {
                    named.remove(node.inputs().get(1));
                    nameless.put(node.outputs().get(0), weight);
                }
            }
        }
        for (Node node : nodes) {
            if (node.operation().equals("Add")) {
                nameByBias(node.inputs().get(0), node.inputs().get(1), nameless, named);
                nameByBias(node.inputs().get(1), node.inputs().get(0), nameless, named);
            }
        }
        if (!nameless.isEmpty()) {
            throw new InvalidProtocolBufferException("no bias names the weights of " + nameless.keySet());
        }
        return named;
    }

    private void nameByBias(String product, String bias, Map<String, Weight> nameless, Map<String, Weight> named) {
        Weight weight = nameless.get(product);
        if (weight != null && bias.endsWith(BIAS) && initializers.containsKey(bias)) {
            named.put(bias.substring(0, bias.length() - BIAS.length()) + ".weight", weight.transposed());
            nameless.remove(product);
        }
    }
}
