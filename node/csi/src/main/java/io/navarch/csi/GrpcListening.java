package io.navarch.csi;

import io.grpc.BindableService;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/// A gRPC service behind a Unix socket.
final class GrpcListening {
    private static final int LONGEST_REQUEST = 64 << 10;
    private static final int CALLS = 16;

    private GrpcListening() {}

    static Listening at(Path socket, BindableService service, EventLoopGroup group) throws IOException {
        var tasks = Executors.newVirtualThreadPerTaskExecutor();
        var server = NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .executor(tasks)
                .maxInboundMessageSize(LONGEST_REQUEST)
                .maxConcurrentCallsPerConnection(CALLS)
                .addService(service)
                .build()
                .start();
        return () -> {
            server.shutdownNow();
            tasks.shutdownNow();
        };
    }
}
