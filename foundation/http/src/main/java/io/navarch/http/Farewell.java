package io.navarch.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/// Ends a connection whose client may still be sending. To close it at once would have the kernel throw away the answer
/// that the client has not read yet.
final class Farewell {
    /// As in Go.
    private static final long MILLIS = 500;

    private Farewell() {}

    /// Says that nothing more comes, and closes the connection a little later; what arrives until then is for the
    /// caller to drop.
    static void of(ChannelHandlerContext context) {
        var tls = context.pipeline().get(SslHandler.class);
        if (tls != null) tls.closeOutbound().addListener(done -> shutdown(context));
        else shutdown(context);
        context.executor().schedule(() -> context.close(), MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void shutdown(ChannelHandlerContext context) {
        if (context.channel() instanceof DuplexChannel duplex) duplex.shutdownOutput();
    }
}
