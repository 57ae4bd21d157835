package io.navarch.tracing;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A collector that speaks OTLP over gRPC, without encryption, as the original calls it.
public final class GrpcCollector implements SpanQueue.Collector, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LARGEST = 64 << 10;
    private static final String UNIX = "unix:";
    private static final String ABSTRACT = "unix-abstract:";

    static final MethodDescriptor<byte[], byte[]> EXPORT = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(
                    "opentelemetry.proto.collector.trace.v1.TraceService", "Export"))
            .build();

    /// Messages are written elsewhere, and answers not read.
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final String endpoint;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ManagedChannel channel;

    /// @param endpoint as gRPC names it: `host:port`, `dns:///host:port`, `unix:///path`, `unix-abstract:name`
    public GrpcCollector(String endpoint) {
        this.endpoint = endpoint;
        channel = builder(endpoint)
                .eventLoopGroup(group)
                .usePlaintext()
                .maxInboundMessageSize(LARGEST)
                .build();
    }

    private static NettyChannelBuilder builder(String endpoint) {
        if (endpoint.startsWith(UNIX)) return socket(path(endpoint.substring(UNIX.length())));
        if (endpoint.startsWith(ABSTRACT)) return socket("\0" + path(endpoint.substring(ABSTRACT.length())));
        return NettyChannelBuilder.forTarget(endpoint).channelType(EpollSocketChannel.class);
    }

    private static String path(String rest) {
        return rest.startsWith("//") ? rest.substring(2) : rest;
    }

    private static NettyChannelBuilder socket(String path) {
        return NettyChannelBuilder.forAddress(new DomainSocketAddress(path))
                .channelType(EpollDomainSocketChannel.class)
                .overrideAuthority("localhost");
    }

    @Override
    public void export(byte[] request) throws IOException {
        try {
            var options = CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            var ignored = ClientCalls.blockingUnaryCall(channel, EXPORT, options, request);
        } catch (StatusRuntimeException e) {
            throw new IOException(
                    endpoint + ": " + e.getStatus().getCode() + " "
                            + e.getStatus().getDescription(),
                    e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
