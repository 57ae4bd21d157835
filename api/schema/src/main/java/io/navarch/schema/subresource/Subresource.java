package io.navarch.schema.subresource;

/// A subresource that is more than a part of its object.
public sealed interface Subresource permits SubresourceHandler, Connector {}
