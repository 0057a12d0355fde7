package dev.attune.model;

import static org.bytedeco.pytorch.global.torch.dropout;

import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/** Says in which parts dropout is on; shared by the parts of one backbone. */
final class Dropouts {
    private Predicate<Part> on = part -> false;

    void on(Predicate<Part> parts) {
        on = parts;
    }

    /** The rate in force in a part: the configured one, or 0 where dropout is off. */
    double rate(Part part, double configured) {
        return configured > 0 && on.test(part) ? configured : 0;
    }

    Tensor apply(Part part, double configured, Tensor x) {
        double rate = rate(part, configured);
        return rate > 0 ? dropout(x, rate, true) : x;
    }
}
