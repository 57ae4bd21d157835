package io.navarch.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A collector of our own, over real gRPC.
@Timeout(60)
class GrpcCollectorTest {
    private static final TraceContext TRACE = new TraceContext(1, 2, 3, true, "a=b");

    private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
    private final Metrics metrics = new Metrics();
    private Optional<Server> server = Optional.empty();

    @AfterEach
    void stop() {
        server.ifPresent(Server::shutdownNow);
    }

    private String collector() throws IOException {
        var started = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("opentelemetry.proto.collector.trace.v1.TraceService")
                        .addMethod(GrpcCollector.EXPORT, ServerCalls.asyncUnaryCall((request, answer) -> {
                            requests.add(request);
                            answer.onNext(new byte[0]);
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        server = Optional.of(started);
        return "127.0.0.1:" + started.getPort();
    }

    /// What a message holds, by its fields: numbers, and bytes.
    private static Map<Integer, List<Object>> fields(Object message) throws IOException {
        var in = CodedInputStream.newInstance((byte[]) message);
        var fields = new TreeMap<Integer, List<Object>>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Object value = switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
                case WireFormat.WIRETYPE_FIXED64 -> in.readFixed64();
                case WireFormat.WIRETYPE_FIXED32 -> (long) in.readFixed32();
                default -> in.readByteArray();
            };
            fields.computeIfAbsent(WireFormat.getTagFieldNumber(tag), number -> new ArrayList<>())
                    .add(value);
        }
        return fields;
    }

    private static Object at(Object message, int... path) throws IOException {
        var found = message;
        for (int field : path) found = fields(found).get(field).getFirst();
        return found;
    }

    private static String text(Object message, int... path) throws IOException {
        return new String((byte[]) at(message, path), StandardCharsets.UTF_8);
    }

    private static Span span(Map<String, Object> attributes) {
        return new Span(TRACE, 4, 5, "GET /version", true, 100, 200, attributes, true, Optional.of(TRACE));
    }

    @Test
    void aCollectorIsSentSpans() throws Exception {
        try (var collector = new GrpcCollector(collector());
                var scope = new TaskScope()) {
            var queue = new SpanQueue(collector, Map.of("service.name", "apiserver"), metrics, Duration.ofMillis(10));
            queue.start(scope);
            queue.add(List.of(span(Map.of("http.response.status_code", 200))));
            var request = requests.poll(30, TimeUnit.SECONDS);
            assertThat(text(request, 1, 1, 1, 1)).isEqualTo("service.name");
            assertThat(text(request, 1, 1, 1, 2, 1)).isEqualTo("apiserver");
            var sent = at(request, 1, 2, 2);
            assertThat((byte[]) at(sent, 1))
                    .isEqualTo(ByteBuffer.allocate(16).putLong(1).putLong(2).array());
            assertThat((byte[]) at(sent, 2))
                    .isEqualTo(ByteBuffer.allocate(8).putLong(4).array());
            assertThat(text(sent, 3)).isEqualTo("a=b");
            assertThat((byte[]) at(sent, 4))
                    .isEqualTo(ByteBuffer.allocate(8).putLong(5).array());
            assertThat(text(sent, 5)).isEqualTo("GET /version");
            assertThat(at(sent, 6)).as("kind: a server").isEqualTo(2L);
            assertThat(at(sent, 7)).isEqualTo(100L);
            assertThat(at(sent, 8)).isEqualTo(200L);
            assertThat(text(sent, 9, 1)).isEqualTo("http.response.status_code");
            assertThat(at(sent, 9, 2, 3)).isEqualTo(200L);
            assertThat((byte[]) at(sent, 13, 2))
                    .isEqualTo(ByteBuffer.allocate(8).putLong(3).array());
            assertThat(at(sent, 15, 3)).as("status: an error").isEqualTo(2L);
        }
    }

    /// Nobody waits, and what has no room is counted.
    @Test
    void aCollectorThatIsNotThereCostsNothing() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (var collector = new GrpcCollector("127.0.0.1:" + port);
                var scope = new TaskScope()) {
            var queue = new SpanQueue(collector, Map.of(), metrics, Duration.ZERO);
            for (int i = 0; i < 3000; i++) queue.add(List.of(span(Map.of())));
            assertThat(metrics.text()).contains("navarch_tracing_spans_dropped_total{reason=\"full\"} 952\n");
            queue.start(scope);
            while (!metrics.text().contains("navarch_tracing_spans_dropped_total{reason=\"not taken\"} 2048\n"))
                TaskScope.pause(10);
            assertThat(metrics.text()).contains("navarch_tracing_spans_total 0\n");
        }
    }
}
