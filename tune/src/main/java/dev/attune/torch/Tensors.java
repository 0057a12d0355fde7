package dev.attune.torch;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Arrays to tensors on the processor and back, and tensors from one dtype to another. Without a shape a tensor has one dimension.
 */
public final class Tensors {
    private Tensors() {}

    /** The tensor in a dtype: itself where that is its own, which spares the call that libtorch would answer so. */
    public static Tensor in(ScalarType dtype, Tensor x) {
        return x.scalar_type().intern() == dtype.intern() ? x : x.to(dtype);
    }

    /** int64 (rows, columns) of token ids; all rows must have the first one's length. */
    public static Tensor of(int[][] rows) {
        int columns = columns(rows.length, i -> rows[i].length);
        return of(Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray(), rows.length, columns);
    }

    /** int64 (rows, columns) of the token ids of texts, padded on the right with id 0, which nothing attends to. */
    public static Tensor padded(List<int[]> rows) {
        int width = rows.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        return of(rows.stream().map(ids -> Arrays.copyOf(ids, width)).toArray(int[][]::new));
    }

    /** float32 (rows, columns); all rows must have the first one's length. */
    public static Tensor of(float[][] rows) {
        int columns = columns(rows.length, i -> rows[i].length);
        float[] values = new float[Math.multiplyExact(rows.length, columns)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, values, i * columns, columns);
        }
        return of(values, rows.length, columns);
    }

    /** float64 (rows, columns); all rows must have the first one's length. */
    public static Tensor of(double[][] rows) {
        int columns = columns(rows.length, i -> rows[i].length);
        var tensor =
                empty(ScalarType.Double, Math.multiplyExact(rows.length, columns), new long[] {rows.length, columns});
        DoublePointer data = tensor.data_ptr_double();
        for (int i = 0; i < rows.length; i++) {
            data.position((long) i * columns).put(rows[i]);
        }
        return tensor;
    }

    /** int64 of the given shape, as libtorch wants indices and labels. */
    public static Tensor of(int[] values, long... shape) {
        return of(Arrays.stream(values).asLongStream().toArray(), shape);
    }

    /** int64 of the given shape. */
    public static Tensor of(long[] values, long... shape) {
        var tensor = empty(ScalarType.Long, values.length, shape);
        if (values.length > 0) {
            tensor.data_ptr_long().put(values);
        }
        return tensor;
    }

    /** float32 of the given shape. */
    public static Tensor of(float[] values, long... shape) {
        var tensor = empty(ScalarType.Float, values.length, shape);
        if (values.length > 0) {
            tensor.data_ptr_float().put(values);
        }
        return tensor;
    }

    /** bool of the given shape. */
    public static Tensor of(boolean[] values, long... shape) {
        var tensor = empty(ScalarType.Bool, values.length, shape);
        BoolPointer data = tensor.data_ptr_bool();
        for (int i = 0; i < values.length; i++) {
            data.put(i, values[i]);
        }
        return tensor;
    }

    /** The elements in row-major order, as floats, of a tensor of any dtype, device and shape. */
    public static float[] toFloats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        if (values.length == 0) {
            return values; // an empty tensor has no memory to point to
        }
        try (Tensor cpu = onCpu(tensor, ScalarType.Float);
                FloatPointer data = cpu.data_ptr_float()) {
            data.get(values);
        }
        return values;
    }

    /** The rows of a (rows, columns) tensor, as floats. */
    public static float[][] toFloatRows(Tensor tensor) {
        if (tensor.dim() != 2) {
            throw new IllegalArgumentException("rows need 2 dimensions, not " + tensor.dim());
        }
        float[] values = toFloats(tensor);
        float[][] rows = new float[Math.toIntExact(tensor.size(0))][];
        int columns = Math.toIntExact(tensor.size(1));
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
        }
        return rows;
    }

    /** The elements in row-major order, as longs; fractions are cut off. */
    public static long[] toLongs(Tensor tensor) {
        long[] values = new long[Math.toIntExact(tensor.numel())];
        if (values.length == 0) {
            return values; // an empty tensor has no memory to point to
        }
        try (Tensor cpu = onCpu(tensor, ScalarType.Long);
                LongPointer data = cpu.data_ptr_long()) {
            data.get(values);
        }
        return values;
    }

    /** The elements in row-major order, as ints; one that is out of an int's range is an ArithmeticException. */
    public static int[] toInts(Tensor tensor) {
        return Arrays.stream(toLongs(tensor)).mapToInt(Math::toIntExact).toArray();
    }

    private static int columns(int rows, IntUnaryOperator length) {
        int columns = rows == 0 ? 0 : length.applyAsInt(0);
        for (int i = 1; i < rows; i++) {
            if (length.applyAsInt(i) != columns) {
                throw new IllegalArgumentException(
                        "row " + i + " has " + length.applyAsInt(i) + " values, row 0 has " + columns);
            }
        }
        return columns;
    }

    private static Tensor empty(ScalarType type, int values, long[] shape) {
        long[] sizes = shape.length == 0 ? new long[] {values} : shape;
        long product = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
        if (product != values) {
            throw new IllegalArgumentException(values + " values do not fill the shape " + Arrays.toString(sizes));
        }
        try (var options = new TensorOptions(type)) {
            return torch.empty(sizes, options, null);
        }
    }

    private static Tensor onCpu(Tensor tensor, ScalarType type) {
        try (Tensor detached = tensor.detach();
                Tensor cpu = detached.cpu();
                Tensor converted = cpu.to(type)) {
            return converted.contiguous();
        }
    }
}
