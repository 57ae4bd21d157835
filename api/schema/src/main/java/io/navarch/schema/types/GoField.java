package io.navarch.schema.types;

/// A field of a published Go struct, in as much as it does not follow from the schema. Errors of Go's decoder name it
/// so.
///
/// @param type its type, such as `v1.PullPolicy`, or `""`
/// @param embedded the struct whose field it is if that is embedded in the other, or `""`
public record GoField(String type, String embedded) {
    public static final GoField PLAIN = new GoField("", "");
}
