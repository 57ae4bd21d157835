/// Serves the subresources that kinds answer themselves, through the ports of `io.navarch.schema.subresource`.
///
/// Knows no kind; gives handlers the objects they ask for and does what they decide. Start with
/// [io.navarch.apiserver.subresource.SubresourceAdapter].
@NullMarked
package io.navarch.apiserver.subresource;

import org.jspecify.annotations.NullMarked;
