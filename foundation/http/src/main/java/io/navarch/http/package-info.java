/// HTTP/1.1 and HTTP/2 over TLS (Netty), with a blocking face for virtual threads: a request is handled by ordinary
/// code that reads and writes streams and is held back when its peer is slow.
///
/// Also the protocols that Kubernetes streams over: WebSocket channels, SPDY/3.1, and plain upgraded connections.
/// Knows no Kubernetes object. Start with [io.navarch.http.HttpServer] and [io.navarch.http.Exchange].
@NullMarked
package io.navarch.http;

import org.jspecify.annotations.NullMarked;
