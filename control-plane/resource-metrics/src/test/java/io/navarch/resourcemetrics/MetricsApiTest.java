package io.navarch.resourcemetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.navarch.apiserver.delegation.OtherServers;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.BodyBudget;
import io.navarch.apiserver.request.Call;
import io.navarch.client.Client;
import io.navarch.http.Exchange;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.process.TaskScope;
import io.navarch.schema.admission.User;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import io.navarch.schema.types.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsApiTest {
    private static final Protobuf PROTOBUF = new Protobuf(
            new ProtobufMessages(name -> null, () -> Schema.object(Map.of())), (version, kind) -> Schema.NONE);

    /// @param answered the code
    private record Get(String path, AtomicInteger answered) implements Call {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public Map<String, List<String>> query() {
            return Map.of();
        }

        @Override
        public String header(String name) {
            return "";
        }

        @Override
        public List<Map.Entry<String, String>> headers() {
            return List.of();
        }

        @Override
        public byte[] body(int limit) {
            return new byte[0];
        }

        @Override
        public boolean arrived() {
            return true;
        }

        @Override
        public List<X509Certificate> clientCertificates() {
            return List.of();
        }

        @Override
        public Optional<User> trusted() {
            return Optional.empty();
        }

        @Override
        public void respond(int status, Map<String, String> headers, byte[] body) {
            answered.set(status);
        }

        @Override
        public OutputStream start(int status, Collection<Map.Entry<String, String>> headers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void writeShared(OutputStream stream, byte[]... parts) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onClose(Runnable action) {}

        @Override
        public Optional<Exchange> exchange() {
            return Optional.empty();
        }
    }

    private static int served(int nodes) throws IOException, InterruptedException {
        var known = KnownObjects.of(
                Resources.NODES,
                IntStream.range(0, nodes)
                        .mapToObj(i -> "{metadata: {name: node-" + i + "}}")
                        .toList());
        var api = new MetricsApi(OtherServers.NONE, InstantSource.system(), Path.of("/nonexistent"));
        var answered = new AtomicInteger();
        var call = new Get(MetricsObjects.ROOT + "/nodes", answered);
        try (var scope = new TaskScope()) {
            var client = new Client(
                    (method, uri, type, body) -> {
                        throw new IOException("nobody is there");
                    },
                    "test");
            api.start(scope, client, known);
            assertThat(api.serve(ApiRequest.of(call, PROTOBUF, BodyBudget.ofHeap(1 << 30, () -> true))))
                    .isTrue();
        }
        return answered.get();
    }

    @Test
    void aLongListIsNotBegunWhileMemoryIsScarce() throws Exception {
        assertThat(served(100)).isEqualTo(200);
        assertThatThrownBy(() -> served(1000))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(429));
    }

    @Test
    void thePathOfTheListMayEndInSlashes() {
        assertThat(MetricsObjects.isRoot(MetricsObjects.ROOT)).isTrue();
        assertThat(MetricsObjects.isRoot(MetricsObjects.ROOT + "//")).isTrue();
        assertThat(MetricsObjects.isRoot(MetricsObjects.ROOT + "/x/")).isFalse();
        assertThat(MetricsObjects.isRoot("/apis/metrics.k8s.io")).isFalse();
    }

    @Test
    void manySlashesTakeNoLongerThanOtherCharacters() {
        var path = MetricsObjects.ROOT + "/".repeat(1_000_000) + "x";
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> MetricsObjects.isRoot(path)))
                .isFalse();
    }
}
