package io.navarch.csi;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.util.function.Function;

/// Calls to whoever listens at a Unix socket. Each has a connection of its own: calls are rare, and a program that was
/// started anew is found at once.
record GrpcCalls(String socket, EventLoopGroup group) {
    private static final int LONGEST_ANSWER = 1 << 20;

    <T> T make(Function<ManagedChannel, T> call) {
        return make(LONGEST_ANSWER, call);
    }

    /// @param longest of the messages that it may answer with
    <T> T make(int longest, Function<ManagedChannel, T> call) {
        var channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(group)
                .usePlaintext()
                .overrideAuthority("localhost")
                .maxInboundMessageSize(longest)
                .directExecutor()
                .build();
        try {
            return call.apply(channel);
        } catch (StatusRuntimeException e) {
            throw new CsiFailure(code(e.getStatus()), description(e.getStatus()), e);
        } finally {
            channel.shutdownNow();
        }
    }

    private String description(Status status) {
        var said = String.valueOf(status.getDescription());
        return status.getCode() == Status.Code.UNAVAILABLE
                ? "connection error: desc = \"transport: Error while dialing: dial unix " + socket + ": " + said + "\""
                : said;
    }

    private static CsiFailure.Code code(Status status) {
        return switch (status.getCode()) {
            case OK, UNKNOWN -> CsiFailure.Code.UNKNOWN;
            case CANCELLED -> CsiFailure.Code.CANCELED;
            default -> CsiFailure.Code.valueOf(status.getCode().name());
        };
    }
}
