package dev.attune.model;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/** The scope that a pass was made in: what one block makes there and later ones use outlives the scope of that block. */
final class PassScope {
    private final @Nullable PointerScope scope = PointerScope.getInnerScope();

    <P extends Pointer> P keep(P made) {
        if (scope != null) {
            scope.attach(made);
        }
        return made;
    }
}
