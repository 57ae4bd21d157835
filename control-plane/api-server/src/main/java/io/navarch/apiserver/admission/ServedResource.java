package io.navarch.apiserver.admission;

/// A resource in one version, and what its objects are.
///
/// @param type of the objects of the call, which are those of a subresource where it is about one
public record ServedResource(String group, String version, String plural, ObjectType type) {}
