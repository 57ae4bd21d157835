package io.navarch.objects;

/// Something that reads an object tree without copying it: a [View] by the names of fields, a structure of the model by
/// typed methods.
public interface Lens {
    View view();

    /// Whether anything is there to read.
    default boolean exists() {
        return view().value() != null;
    }

    /// Equality in which an absent, `null` or empty field is the same nothing ([Trees#semanticEquals]).
    default boolean semanticEquals(Lens other) {
        return Trees.semanticEquals(view().value(), other.view().value());
    }
}
