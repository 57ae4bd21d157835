/// The ports through which a kind serves its subresources itself: bindings and tokens, logs and streams.
///
/// A kind decides what is answered or where a connection leads; the server does the reading, writing and forwarding.
/// Start with [io.navarch.schema.subresource.SubresourceHandler] and [io.navarch.schema.subresource.Connector].
@NullMarked
package io.navarch.schema.subresource;

import org.jspecify.annotations.NullMarked;
