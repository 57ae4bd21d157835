package io.navarch.csi;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.navarch.csi.DevicePlugin.Granted;
import io.navarch.csi.deviceplugin.DeviceApi.CDIDevice;
import io.navarch.csi.deviceplugin.DeviceApi.ContainerAllocateResponse;
import io.navarch.csi.deviceplugin.DeviceApi.DeviceSpec;
import io.navarch.csi.deviceplugin.DeviceApi.Empty;
import io.navarch.csi.deviceplugin.DeviceApi.Mount;
import io.navarch.csi.deviceplugin.DeviceApi.RegisterRequest;
import io.navarch.csi.deviceplugin.RegistrationGrpc;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;

/// Device plugins by gRPC over Unix sockets.
public record GrpcDeviceSockets(EventLoopGroup group) implements DeviceSockets {
    @Override
    public DevicePlugin plugin(Path socket) {
        return new GrpcDevicePlugin(new GrpcCalls(socket.toString(), group));
    }

    @Override
    public Listening listen(Path socket, Registrar registrar) throws IOException {
        return GrpcListening.at(socket, new Registration(registrar), group);
    }

    private static final class Registration extends RegistrationGrpc.RegistrationImplBase {
        private final Registrar registrar;

        private Registration(Registrar registrar) {
            this.registrar = registrar;
        }

        @Override
        public void register(RegisterRequest request, StreamObserver<Empty> answer) {
            try {
                registrar.register(request.getVersion(), request.getEndpoint(), request.getResourceName());
            } catch (IllegalArgumentException | CsiFailure e) {
                answer.onError(Status.UNKNOWN.withDescription(e.getMessage()).asRuntimeException());
                return;
            }
            answer.onNext(Empty.getDefaultInstance());
            answer.onCompleted();
        }
    }

    @Override
    public byte[] encode(Granted granted) {
        var response = ContainerAllocateResponse.newBuilder()
                .putAllEnvs(granted.environment())
                .putAllAnnotations(granted.annotations());
        for (var mount : granted.mounts())
            response.addMounts(Mount.newBuilder()
                    .setContainerPath(mount.containerPath())
                    .setHostPath(mount.hostPath())
                    .setReadOnly(mount.readOnly()));
        for (var node : granted.nodes())
            response.addDevices(DeviceSpec.newBuilder()
                    .setContainerPath(node.containerPath())
                    .setHostPath(node.hostPath())
                    .setPermissions(node.permissions()));
        for (var name : granted.cdi())
            response.addCdiDevices(CDIDevice.newBuilder().setName(name));
        return response.build().toByteArray();
    }

    @Override
    public Granted decode(byte[] encoded) {
        try {
            return GrpcDevicePlugin.granted(ContainerAllocateResponse.parseFrom(encoded));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
