package io.navarch.apiserver.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.BodyBudget;
import io.navarch.apiserver.request.FakeCall;
import io.navarch.apiserver.timing.CallTimes;
import io.navarch.apiserver.timing.CallTracing;
import io.navarch.schema.admission.User;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracingTest {
    private static final Protobuf PROTOBUF = new Protobuf(
            new ProtobufMessages(name -> null, () -> Schema.object(Map.of())), (version, kind) -> Schema.NONE);

    private final List<CallTracing.Arrival> arrivals = new ArrayList<>();
    private final List<CallTracing.Ended> ended = new ArrayList<>();
    private boolean wanted = true;
    private final Tracing tracing = new Tracing(
            arrival -> {
                arrivals.add(arrival);
                return wanted ? Optional.of(ended::add) : Optional.empty();
            },
            () -> 900);

    private void call(FakeCall call, User user, int code) throws Exception {
        var request = ApiRequest.of(call, PROTOBUF, new BodyBudget(1 << 30)).as(user);
        request.response().received(100);
        request.response().auditId("id");
        tracing.handle(request, passed -> {
            passed.response().times().add(CallTimes.Part.STORE, "Get etcd3", 200, 300);
            passed.response().send(code, Map.of());
        });
        request.response().over();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/namespaces/a/pods/b/log, GET /api/v1/namespaces/{:namespace}/pods/{:name}/log",
        "/apis/apps/v1/deployments, GET /apis/apps/v1/deployments",
        "/version, GET"
    })
    void spansAreNamedAsInTheOriginal(String uri, String name) throws Exception {
        call(FakeCall.get(uri), User.of("eva"), 200);
        assertThat(ended.getFirst().name()).isEqualTo(name);
    }

    @Test
    void aCallTellsWhatItWas() throws Exception {
        call(
                FakeCall.get("/api/v1/pods?limit=1")
                        .header("User-Agent", "curl/1")
                        .header("Host", "here"),
                User.of("eva"),
                500);
        var call = ended.getFirst();
        assertThat(call.since()).isEqualTo(100);
        assertThat(call.until()).isEqualTo(900);
        assertThat(call.failed()).isTrue();
        assertThat(call.attributes())
                .containsEntry("http.request.method", "GET")
                .containsEntry("http.target", "/api/v1/pods?limit=1")
                .containsEntry("url.path", "/api/v1/pods")
                .containsEntry("user_agent.original", "curl/1")
                .containsEntry("server.address", "here")
                .containsEntry("audit-id", "id")
                .containsEntry("http.response.status_code", 500);
        assertThat(call.parts()).extracting(CallTimes.Interval::name).contains("Get etcd3", "SerializeObject");
    }

    @Test
    void onlySomeMaySayThatTheirsIsToBeFollowed() throws Exception {
        call(FakeCall.get("/version").header("traceparent", "00-x").header("tracestate", "a=b"), User.of("eva"), 200);
        assertThat(arrivals.getLast()).isEqualTo(new CallTracing.Arrival("00-x", "a=b", false));
        call(FakeCall.get("/version"), User.of("root", User.MASTERS), 200);
        assertThat(arrivals.getLast().trusted()).isTrue();
        call(FakeCall.get("/version"), User.of("prometheus", "system:monitoring"), 200);
        assertThat(arrivals.getLast().trusted()).isTrue();
    }

    @Test
    void ofWhatNobodyFollowsNothingIsKept() throws Exception {
        wanted = false;
        call(FakeCall.get("/version"), User.of("eva"), 200);
        assertThat(ended).isEmpty();
    }
}
