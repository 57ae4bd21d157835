/// Calls to the API server of the same process: through the whole pipeline, but without a socket.
///
/// Start with [io.navarch.inprocess.InProcessTransport].
@NullMarked
package io.navarch.inprocess;

import org.jspecify.annotations.NullMarked;
