package io.navarch.csi;

import io.navarch.csi.registration.RegistrationApi.InfoRequest;
import io.navarch.csi.registration.RegistrationApi.RegistrationStatus;
import io.navarch.csi.registration.RegistrationGrpc;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Reaches them by gRPC.
public final class GrpcSockets implements CsiSockets {
    private static final Duration REGISTRATION = Duration.ofSeconds(10);
    /// How long a driver may take, as in the kubelet.
    private static final Duration WORK = Duration.ofMinutes(2);

    private final EventLoopGroup group;
    private final Duration work;

    public GrpcSockets(EventLoopGroup group) {
        this(group, WORK);
    }

    GrpcSockets(EventLoopGroup group, Duration work) {
        this.group = group;
        this.work = work;
    }

    @Override
    public CsiNode driver(String endpoint) {
        return new GrpcCsiNode(new GrpcCalls(endpoint, group), work);
    }

    @Override
    public PluginSocket plugin(Path socket) {
        var calls = new GrpcCalls(socket.toString(), group);
        return new PluginSocket() {
            @Override
            public PluginInfo info() {
                var info = calls.make(channel -> RegistrationGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(REGISTRATION.toMillis(), TimeUnit.MILLISECONDS)
                        .getInfo(InfoRequest.getDefaultInstance()));
                return new PluginInfo(
                        info.getType(), info.getName(), info.getEndpoint(), info.getSupportedVersionsList());
            }

            @Override
            public void notify(boolean registered, String error) {
                var status = RegistrationStatus.newBuilder()
                        .setPluginRegistered(registered)
                        .setError(error)
                        .build();
                calls.make(channel -> RegistrationGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(REGISTRATION.toMillis(), TimeUnit.MILLISECONDS)
                        .notifyRegistrationStatus(status));
            }
        };
    }
}
