package io.navarch.schema;

/// How a kind checks the metadata of an update for itself, after what is checked of all kinds. What is wrong is told as
/// often as it is found.
public enum MetadataCheck {
    /// As of a new object: names, labels, annotations, owners and finalizers.
    FORM,
    /// What may not change; labels, annotations and owners again.
    CHANGE
}
