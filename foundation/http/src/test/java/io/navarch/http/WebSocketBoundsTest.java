package io.navarch.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import org.junit.jupiter.api.Test;

class WebSocketBoundsTest {
    @Test
    void whoIsNotReadIsSoonNotHeardEither() throws InterruptedException {
        var channel = new EmbeddedChannel();
        var socket = new WebSocket(channel, new Gate(), Backlog.unbounded());
        channel.pipeline().addLast(socket.handler());
        channel.writeInbound(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[1000])));
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.writeInbound(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[1 << 20])));
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(socket.receive().orElseThrow()).hasSize(1000);
        assertThat(socket.receive().orElseThrow()).hasSize(1 << 20);
        assertThat(channel.config().isAutoRead()).isTrue();
    }
}
