package io.navarch.objects;

import org.jspecify.annotations.Nullable;

/// Something that reads an object tree without copying it: a view by the names of fields, a structure of the model by
/// typed methods.
public interface Lens {
    /// What is read: maps, lists and scalars, or `null` when nothing is there. Nobody changes it.
    @Nullable
    Object tree();

    /// Whether anything is there to read.
    default boolean exists() {
        return tree() != null;
    }

    /// Equality in which an absent, `null` or empty field is the same nothing ([Trees#semanticEquals]).
    default boolean semanticEquals(Lens other) {
        return Trees.semanticEquals(tree(), other.tree());
    }
}
