package io.navarch.encryption;

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
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The service of KMS v2 (`v2.KeyManagementService`) behind a Unix socket.
final class GrpcKeyService implements KeyService {
    private static final int LARGEST = 1 << 20;

    static final MethodDescriptor<byte[], byte[]> STATUS = method("Status");
    static final MethodDescriptor<byte[], byte[]> ENCRYPT = method("Encrypt");
    static final MethodDescriptor<byte[], byte[]> DECRYPT = method("Decrypt");

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ManagedChannel channel;
    private final Path socket;
    private final Duration timeout;

    GrpcKeyService(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
        channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(group)
                .usePlaintext()
                .overrideAuthority("localhost")
                .maxInboundMessageSize(LARGEST)
                .build();
    }

    /// Messages are this small that they are bytes here, and read by [WireMessage].
    private static MethodDescriptor<byte[], byte[]> method(String name) {
        var bytes = new MethodDescriptor.Marshaller<byte[]>() {
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
        };
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName("v2.KeyManagementService", name))
                .build();
    }

    private WireMessage call(MethodDescriptor<byte[], byte[]> method, WireMessage request, int mapField) {
        try {
            var options = CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return WireMessage.read(ClientCalls.blockingUnaryCall(channel, method, options, request.write()), mapField);
        } catch (StatusRuntimeException e) {
            throw new UnreadableValueException(
                    "the key service at " + socket + " does not answer: "
                            + e.getStatus().getCode() + " " + e.getStatus().getDescription(),
                    e);
        }
    }

    @Override
    public Status status() {
        var answer = call(STATUS, new WireMessage(), 0);
        return new Status(answer.text(1), answer.text(2), answer.text(3));
    }

    @Override
    public Sealed encrypt(byte[] plaintext, String uid) {
        var answer = call(ENCRYPT, new WireMessage().bytes(1, plaintext).text(2, uid), 3);
        return new Sealed(answer.bytes(1), answer.text(2), answer.map(3));
    }

    @Override
    public byte[] decrypt(Sealed sealed, String uid) {
        var request = new WireMessage()
                .bytes(1, sealed.ciphertext())
                .text(2, uid)
                .text(3, sealed.keyId())
                .map(4, sealed.annotations());
        return call(DECRYPT, request, 0).bytes(1);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
