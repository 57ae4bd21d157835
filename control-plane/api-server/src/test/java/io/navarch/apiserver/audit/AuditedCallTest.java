package io.navarch.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apiserver.access.Authenticator;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.AuditLevel;
import io.navarch.apiserver.request.BodyBudget;
import io.navarch.apiserver.request.FakeCall;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.Metrics;
import io.navarch.schema.admission.User;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import io.navarch.schema.types.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the events of a call tell.
class AuditedCallTest {
    private static final Protobuf PROTOBUF = new Protobuf(
            new ProtobufMessages(name -> null, () -> Schema.object(Map.of())), (version, kind) -> Schema.NONE);
    private static final AuditPolicy ALL = new AuditPolicy(List.of(new AuditPolicy.Rule(
            new AuditPolicy.Decision(AuditLevel.REQUEST_RESPONSE, Set.of(), true),
            Set.of(),
            Set.of(),
            Set.of(),
            List.of(),
            Set.of(),
            List.of())));

    private final List<View> events = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final Metrics metrics = new Metrics();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private long nanos;
    private final AuditLosses losses = new AuditLosses(metrics, () -> nanos);
    private boolean broken;
    private final AuditTarget target = new AuditTarget() {
        @Override
        public byte[] form(AuditEntry entry) {
            lines.add(new String(entry.legacy(), StandardCharsets.UTF_8));
            return entry.json();
        }

        @Override
        public boolean remote() {
            return false;
        }

        @Override
        public boolean deliver(List<byte[]> delivered) {
            delivered.forEach(line -> events.add(View.of(Json.parse(line))));
            return !broken;
        }

        @Override
        public void close() {}
    };
    private final Auditor auditor = auditor(AuditMode.BLOCKING, Optional.empty());

    private Auditor auditor(AuditMode mode, Optional<AuditHandling.Truncation> truncation) {
        var batching = new AuditHandling.Batching(1, 1, Duration.ZERO, Optional.empty());
        var surroundings = new AuditSurroundings(losses, new NoPauses(), () -> nanos);
        var backend = new AuditBackend(target, new AuditHandling(mode, batching, truncation), surroundings);
        return new Auditor(
                new Auditor.Configuration(Optional.of(ALL), List.of(backend)), metrics, () -> now, () -> nanos);
    }

    private static ApiRequest request(FakeCall call) {
        return ApiRequest.of(call, PROTOBUF, new BodyBudget(1 << 30)).as(User.of("eva"));
    }

    private AuditedCall begin(ApiRequest request) {
        return begin(auditor, request);
    }

    private static AuditedCall begin(Auditor by, ApiRequest request) {
        var call = by.begin(request).orElseThrow();
        assertThat(call.received()).isTrue();
        request.response().audited(call.record());
        return call;
    }

    private View last() {
        return events.getLast();
    }

    @Test
    void aCallIsReceivedBeforeItsCallerIsKnown() {
        nanos = Duration.ofMillis(250).toNanos();
        begin(request(FakeCall.get("/version")));
        assertThat(last().get("requestReceivedTimestamp").string()).isEqualTo("2029-12-31T23:59:59.750000Z");
        assertThat(last().get("stageTimestamp").string()).isEqualTo("2029-12-31T23:59:59.750000Z");
    }

    @Test
    void aClockThatIsSetMakesNoCallSlow() throws Exception {
        var request = request(FakeCall.get("/version"));
        var call = begin(request);
        now = now.plusSeconds(3600);
        request.response().send(200, Map.of());
        call.complete();
        assertThat(last().get("annotations").exists()).isFalse();
        assertThat(last().get("stageTimestamp").string()).isEqualTo("2030-01-01T01:00:00.000000Z");
    }

    @Test
    void aSlowCallTellsHowLongItTook() throws Exception {
        var request = request(FakeCall.get("/version"));
        var call = begin(request);
        nanos = Duration.ofMillis(1500).toNanos();
        request.response().send(200, Map.of());
        call.complete();
        assertThat(last().get("annotations", "apiserver.latency.k8s.io/total").string())
                .isEqualTo("1.5s");
    }

    @Test
    void whoGoesBeforeAnythingIsAnsweredIsToldOf() {
        begin(request(FakeCall.get("/api/v1/pods?watch=true"))).complete();
        assertThat(events)
                .extracting(each -> each.get("stage").string())
                .containsExactly("RequestReceived", "ResponseStarted", "ResponseComplete");
        assertThat(Json.writeString(last().get("responseStatus").tree()))
                .isEqualTo(
                        "{\"metadata\":{},\"status\":\"Success\",\"message\":\"Connection closed early\",\"code\":200}");
    }

    /// Of which a strict reader would make nothing.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":{\"a\":\"swordfish\"},\"data\":{\"a\":\"swordfish\"}}",
                "{data: {a: swordfish}, data: {a: swordfish}}",
                "{\"a\":\"\\ud800\",\"b\":\"swordfish\"}",
                "{swordfish"
            })
    void aPatchIsToldOfWhateverItIs(String patch) throws Exception {
        var request = request(new FakeCall("PATCH", "/api/v1/namespaces/a/configmaps/b"));
        var call = begin(request);
        call.record().patched(patch.getBytes(StandardCharsets.UTF_8));
        call.complete();
        assertThat(Json.writeString(last().get("requestObject").tree())).contains("swordfish");
    }

    @Test
    void whatIsTooLongIsMarked() throws Exception {
        var request = request(FakeCall.get("/api/v1/namespaces/a/configmaps/b"));
        var call = begin(request);
        request.response().send(200, Map.of("data", "x".repeat(5 << 20)));
        call.complete();
        assertThat(last().get("responseObject").exists()).isFalse();
        assertThat(last().get("annotations", "audit.k8s.io/truncated").string()).isEqualTo("true");
    }

    @Test
    void aLongUserAgentIsCut() {
        begin(request(FakeCall.get("/version").header("User-Agent", "a".repeat(2000))));
        assertThat(last().get("userAgent").string()).isEqualTo("a".repeat(1024) + "...TRUNCATED");
    }

    @Test
    void addressesAreToldInTheirShortForm() {
        var hops = "10.0.0.1, ".repeat(40) + "0:0:0:0:0:0:0:1";
        begin(request(FakeCall.get("/version").header("X-Forwarded-For", hops)));
        assertThat(last().get("sourceIPs").strings()).hasSize(33).endsWith("::1", "127.0.0.1");
    }

    @Test
    void theRightToActAsSomebodyIsNamed() {
        var request = request(FakeCall.get("/version"));
        var call = begin(request);
        call.record().acting(User.of("zoe"), "impersonate:user-info");
        call.complete();
        assertThat(last().get("authenticationMetadata", "impersonationConstraint")
                        .string())
                .isEqualTo("impersonate:user-info");
    }

    @Test
    void callsOfNobodyAreCountedToo() {
        auditor.unknown(request(FakeCall.get("/version")), Authenticator.unauthorized());
        assertThat(metrics.text()).contains("apiserver_audit_level_total{level=\"RequestResponse\"} 1\n");
    }

    @Test
    void aLineOfTextTellsLess() throws Exception {
        now = Instant.parse("2030-01-01T00:00:00.250Z");
        var request = request(FakeCall.get("/api/v1/namespaces/a/configmaps?x=\"")
                .header("User-Agent", "curl/1\n")
                .header("X-Forwarded-For", "192.0.2.1"));
        var call = begin(request);
        assertThat(lines.getLast())
                .isEqualTo("2030-01-01T00:00:00.25Z AUDIT: id=\"\" stage=\"RequestReceived\" ip=\"192.0.2.1\""
                        + " method=\"list\" user=\"eva\" groups=\"\\\"system:authenticated\\\"\" as=\"<self>\" asgroups=\"<lookup>\""
                        + " user-agent=\"curl/1\\n\" namespace=\"a\" uri=\"/api/v1/namespaces/a/configmaps?x=\\\"\""
                        + " response=\"<deferred>\"\n");
        call.record().acting(new User("zoe", "", List.of("g", "h"), Map.of()), "");
        request.response().send(200, Map.of());
        call.complete();
        assertThat(lines.getLast())
                .contains(" as=\"zoe\" asgroups=\"\\\"g\\\",\\\"h\\\"\" ")
                .endsWith(" response=\"200\"\n");
    }

    @Test
    void aLongEventIsShortenedOrLeftOut() throws Exception {
        var short900 = auditor(AuditMode.BLOCKING, Optional.of(new AuditHandling.Truncation(900, 900)));
        var request = request(FakeCall.get("/api/v1/namespaces/a/configmaps/b"));
        var call = begin(short900, request);
        request.response().send(200, Map.of("data", "x".repeat(2000)));
        call.complete();
        assertThat(last().get("stage").string()).isEqualTo("ResponseComplete");
        assertThat(last().get("responseObject").exists()).isFalse();
        assertThat(last().get("annotations", "audit.k8s.io/truncated").string()).isEqualTo("true");
        events.clear();
        begin(
                        short900,
                        request(FakeCall.get("/api/v1/namespaces/a/configmaps/b")
                                .header("User-Agent", "a".repeat(1000))))
                .complete();
        assertThat(events).isEmpty();
        assertThat(metrics.text()).contains("apiserver_audit_error_total{plugin=\"truncate\"} 2\n");
    }

    @Test
    void onlyAStrictBackendHasCallsRefused() {
        broken = true;
        var request = request(FakeCall.get("/version"));
        assertThat(auditor.begin(request).orElseThrow().received()).isTrue();
        var strict = auditor(AuditMode.BLOCKING_STRICT, Optional.empty());
        assertThat(strict.begin(request).orElseThrow().received()).isFalse();
    }
}
