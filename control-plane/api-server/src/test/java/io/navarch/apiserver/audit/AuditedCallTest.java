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
    private final Metrics metrics = new Metrics();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private long nanos;
    private final Auditor auditor = new Auditor(
            new Auditor.Configuration(Optional.of(ALL), Optional.of(new AuditSink() {
                @Override
                public void write(byte[] line) {
                    events.add(View.of(Json.parse(line)));
                }

                @Override
                public void close() {}
            })),
            metrics,
            () -> now,
            () -> nanos);

    private static ApiRequest request(FakeCall call) {
        return ApiRequest.of(call, PROTOBUF, new BodyBudget(1 << 30)).as(User.of("eva"));
    }

    private AuditedCall begin(ApiRequest request) {
        var call = auditor.begin(request).orElseThrow();
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
}
