package dev.attune.model;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** Registers tensors as a module's parameters. */
final class Parameters {
    private Parameters() {}

    /**
     * Registers a tensor under a name, and returns the tensor it was given: what {@link Module#register_parameter}
     * returns points into the module's own table and dangles when the table grows.
     */
    static Tensor register(Module module, String name, Tensor tensor) {
        module.register_parameter(name, tensor, tensor.requires_grad());
        return tensor;
    }
}
