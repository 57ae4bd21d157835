package io.navarch.schema.subresource;

/// A subresource that is more than a part of its object.
///
/// It is known by plural and name (`pods/log`). A kind that can only be created serves that under its plural alone.
public sealed interface Subresource permits SubresourceHandler, Connector {}
