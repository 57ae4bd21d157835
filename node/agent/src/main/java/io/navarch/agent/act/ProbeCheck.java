package io.navarch.agent.act;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Container;
import io.navarch.model.GRPCAction;
import io.navarch.model.Probe;
import io.navarch.model.TCPSocketAction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Carries out one probe once.
public record ProbeCheck(ContainerRuntime runtime, HttpAction http) {
    /// What a probe says of its container: it is well, it is not, or nothing, as nobody could ask it.
    public enum Verdict {
        SUCCESS("successful"),
        FAILURE("failed"),
        UNKNOWN("unknown");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// @param message what is told when it was no success
    public record Result(Verdict verdict, String message) {
        public Result {
            if (message.length() > LONGEST_MESSAGE) message = message.substring(0, LONGEST_MESSAGE);
        }

        Result(boolean success, String message) {
            this(success ? Verdict.SUCCESS : Verdict.FAILURE, message);
        }
    }

    /// Containers choose what is told of them.
    private static final int LONGEST_MESSAGE = 10 << 10;

    Result check(String containerId, Container spec, Probe probe, String podAddress) {
        int seconds = Math.max(1, probe.timeoutSecondsOr(1));
        try {
            if (probe.hasExec()) {
                var answer = runtime.execSync(containerId, probe.exec().command(), seconds);
                return new Result(answer.exitCode() == 0, (answer.stdout() + answer.stderr()).strip());
            }
            if (probe.hasHttpGet()) {
                int status = http.call(probe.httpGet(), spec, podAddress, Duration.ofSeconds(seconds));
                return new Result(status >= 200 && status < 400, "HTTP probe failed with statuscode: " + status);
            }
            if (probe.hasGrpc()) return grpc(probe.grpc(), podAddress, seconds);
            return tcp(probe.tcpSocket(), spec, podAddress, seconds);
        } catch (RuntimeFailure e) {
            // A runtime that is away says nothing of its containers; one whose command takes too long does.
            boolean late = e.reason() == RuntimeFailure.Reason.DEADLINE_EXCEEDED;
            return new Result(late ? Verdict.FAILURE : Verdict.UNKNOWN, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            return new Result(false, String.valueOf(e.getMessage()));
        }
    }

    private static Result tcp(TCPSocketAction action, Container spec, String podAddress, int seconds)
            throws IOException {
        try (var socket = new Socket()) {
            var target = new InetSocketAddress(action.hostOr(podAddress), HttpAction.port(action.port(), spec));
            socket.connect(target, seconds * 1000);
            return new Result(true, "");
        }
    }

    private static Result grpc(GRPCAction action, String podAddress, int seconds) {
        var channel = NettyChannelBuilder.forAddress(podAddress, action.port())
                .usePlaintext()
                .build();
        try {
            var request =
                    HealthCheckRequest.newBuilder().setService(action.service()).build();
            var status = HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(seconds, TimeUnit.SECONDS)
                    .check(request)
                    .getStatus();
            return new Result(status == ServingStatus.SERVING, "service unhealthy (responded with \"" + status + "\")");
        } finally {
            channel.shutdownNow();
        }
    }
}
