package io.navarch.apiserver.discovery;

import io.navarch.schema.types.Schema;

/// What OpenAPI documents say of the built-in kinds' types beside their fields.
public interface TypeNames {
    /// The text about a field of a type, or about the type itself with field `""`.
    String description(String type, String field);

    /// The structure of a type.
    Schema type(String type);

    /// The value of a word of the overlays about a field of a type, or `""`.
    String fact(String type, String field, String word);

    /// A type's name in the published documents.
    String published(String type);

    /// The type of a kind's objects, or `""` when it has none of its own.
    String of(String apiVersion, String kind);
}
