package io.navarch.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/// The event loops that all servers and clients of a process share.
public final class EventLoops implements AutoCloseable {
    private static final int PRIORITY = Thread.NORM_PRIORITY + 3;

    private final EventLoopGroup group;

    /// Their threads go before those that carry requests, as far as the machine is told to look at priorities: what has
    /// arrived is seen, and what is answered leaves, however many compute.
    public EventLoops(int threads) {
        var named = new DefaultThreadFactory("event-loop", true, PRIORITY);
        group = new MultiThreadIoEventLoopGroup(threads, named, EpollIoHandler.newFactory());
    }

    public EventLoopGroup group() {
        return group;
    }

    Class<? extends ServerChannel> serverChannel() {
        return EpollServerSocketChannel.class;
    }

    Class<? extends Channel> clientChannel() {
        return EpollSocketChannel.class;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(1000);
    }
}
