package io.navarch.apiserver.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.BodyBudget;
import io.navarch.apiserver.request.FakeCall;
import io.navarch.apiserver.timing.CallTimes;
import io.navarch.schema.admission.User;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import io.navarch.schema.types.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallLogTest {
    private static final Protobuf PROTOBUF = new Protobuf(
            new ProtobufMessages(name -> null, () -> Schema.object(Map.of())), (version, kind) -> Schema.NONE);

    private final Logger logger = Logger.getLogger(CallLog.class.getName());
    private final List<LogRecord> records = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private long nanos;
    private final CallLog log = new CallLog(() -> nanos);

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.CONFIG);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }

    private void call(FakeCall call, Duration took) throws Exception {
        var request = ApiRequest.of(call, PROTOBUF, new BodyBudget(1 << 30));
        request.response().received(nanos);
        request.response().auditId("id");
        log.handle(request, passed -> {
            passed.response().caller("eva");
            passed.response()
                    .times()
                    .during(() -> CallTimes.current(CallTimes.Part.STORE, "Get etcd3", 1_000_000, 8_000_000));
            nanos += took.toNanos();
            passed.response().send(201, Map.of());
        });
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> last() {
        return (Map<String, Object>) records.getLast().getParameters()[0];
    }

    @Test
    void eachCallIsToldAsInTheOriginal() throws Exception {
        call(
                FakeCall.get("/api/v1/pods?limit=1")
                        .header("User-Agent", "curl/1")
                        .header("Authorization", "Bearer swordfish"),
                Duration.ofMillis(3));
        assertThat(records.getLast().getMessage()).isEqualTo("HTTP");
        assertThat(last())
                .containsExactly(
                        Map.entry("verb", "LIST"),
                        Map.entry("URI", "/api/v1/pods?limit=1"),
                        Map.entry("latency", Duration.ofMillis(3)),
                        Map.entry("userAgent", "curl/1"),
                        Map.entry("audit-ID", "id"),
                        Map.entry("srcIP", ""),
                        Map.entry("resp", 201));
    }

    @Test
    void onlyWhoWantsItHearsOfEachCall() throws Exception {
        logger.setLevel(Level.INFO);
        call(FakeCall.get("/version"), Duration.ofMillis(500));
        assertThat(records).isEmpty();
        logger.setLevel(Level.CONFIG);
        call(FakeCall.get("/version").trusting(User.of("own")), Duration.ZERO);
        assertThat(records).isEmpty();
    }

    @Test
    void aSlowCallTellsWhatTookSoLong() throws Exception {
        logger.setLevel(Level.INFO);
        call(FakeCall.get("/apis/apps/v1/namespaces/a/deployments/b/scale"), Duration.ofMillis(600));
        assertThat(records.getLast().getMessage()).isEqualTo("Slow request");
        assertThat(last())
                .containsEntry("audit-ID", "id")
                .containsEntry("user", "eva")
                .containsEntry("verb", "get")
                .containsEntry("resource", "deployments.apps")
                .containsEntry("subresource", "scale")
                .containsEntry("namespace", "a")
                .containsEntry("name", "b")
                .containsEntry("latency", Duration.ofMillis(600))
                .containsEntry("store", Duration.ofMillis(7))
                .containsEntry("queue", Duration.ZERO)
                .containsKeys("authentication", "authorization", "admission", "serialization", "writing");
    }

    @Test
    void whatLastsAsLongAsSomebodyLikesIsNotSlow() throws Exception {
        logger.setLevel(Level.INFO);
        call(FakeCall.get("/api/v1/pods?watch=true"), Duration.ofHours(1));
        assertThat(records).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/namespaces/a/pods/b/exec?command=mysql&command=-pswordfish, /api/v1/namespaces/a/pods/b/exec",
        "/api/v1/namespaces/a/services/b/proxy/login?token=swordfish, /api/v1/namespaces/a/services/b/proxy/login"
    })
    void whatIsMeantForOthersIsNotTold(String uri, String told) throws Exception {
        call(FakeCall.get(uri), Duration.ZERO);
        assertThat(last()).containsEntry("URI", told);
    }

    @Test
    void slowCallsFillNoDisk() throws Exception {
        logger.setLevel(Level.INFO);
        for (int i = 0; i < 80; i++) {
            call(FakeCall.get("/version"), Duration.ofMillis(501));
            nanos -= Duration.ofMillis(500).toNanos();
        }
        assertThat(records).hasSizeBetween(50, 51);
        nanos += Duration.ofSeconds(1).toNanos();
        call(FakeCall.get("/version"), Duration.ofMillis(501));
        assertThat((long) last().get("suppressed")).isBetween(29L, 30L);
    }

    @Test
    void longNamesAreCut() throws Exception {
        call(FakeCall.get("/version").header("User-Agent", "a".repeat(5000)), Duration.ZERO);
        assertThat(last()).containsEntry("userAgent", "a".repeat(1024) + "...TRUNCATED");
    }
}
