package io.navarch.apiserver.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.access.AccessAttributes;
import io.navarch.apiserver.access.Authenticator;
import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.BearerTokens;
import io.navarch.apiserver.access.CertificateUsers;
import io.navarch.apiserver.access.ClientAuthorities;
import io.navarch.apiserver.access.Impersonator;
import io.navarch.apiserver.audit.Auditor;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.AuditLevel;
import io.navarch.apiserver.request.AuditRecord;
import io.navarch.apiserver.request.BodyBudget;
import io.navarch.apiserver.request.Drain;
import io.navarch.apiserver.request.FakeCall;
import io.navarch.apiserver.request.ForegroundGate;
import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import io.navarch.process.Metrics;
import io.navarch.schema.admission.User;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.protobuf.ProtobufMessages;
import io.navarch.schema.types.Schema;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StagesTest {
    private static final Protobuf PROTOBUF = new Protobuf(
            new ProtobufMessages(name -> null, () -> Schema.object(Map.of())), (version, kind) -> Schema.NONE);

    private final Drain drain = new Drain();
    private final Errors errors = new Errors(drain);
    private final List<String> passed = new ArrayList<>();

    private static ApiRequest request(FakeCall call) {
        return ApiRequest.of(call, PROTOBUF, new BodyBudget(1 << 30));
    }

    private static Authorizer authorizer(boolean allows) {
        return new Authorizer() {
            @Override
            public Decision authorize(AccessAttributes attributes) {
                return allows ? Decision.allow("") : Decision.noOpinion("");
            }

            @Override
            public Rules rules(User user, String namespace) {
                return Rules.NONE;
            }
        };
    }

    @Test
    void stagesRunInTheOrderInWhichTheyAreListed() throws Exception {
        Stage<ApiRequest, ApiRequest> first = (request, next) -> {
            passed.add("first");
            next.proceed(request);
            passed.add("first again");
        };
        first.then(new Audit(
                        new Auditor(Auditor.Configuration.OFF, new Metrics(), InstantSource.system(), System::nanoTime),
                        new SplittableRandom(1)))
                .handle(request(FakeCall.get("/version")), request -> passed.add("end"));
        assertThat(passed).containsExactly("first", "end", "first again");
    }

    @Test
    void anErrorIsAnsweredWithItsStatus() throws Exception {
        var call = FakeCall.get("/api/v1/namespaces/a/pods/x");
        errors.handle(request(call), request -> {
            throw ApiException.notFound("pods", "", "x");
        });
        assertThat(call.status).isEqualTo(404);
        assertThat(call.tree().get("message").string()).isEqualTo("pods \"x\" not found");
    }

    @Test
    void whatNobodyExpectedIsAnInternalError() throws Exception {
        var call = FakeCall.get("/version");
        errors.handle(request(call), request -> {
            throw new IllegalStateException("oops");
        });
        assertThat(call.status).isEqualTo(500);
        assertThat(call.tree().get("message").string()).isEqualTo("Internal error occurred: oops");
    }

    @Test
    void whatNeedsTooMuchIsAnsweredToo() throws Exception {
        var call = FakeCall.get("/version");
        errors.handle(request(call), request -> {
            throw new StackOverflowError();
        });
        assertThat(call.status).isEqualTo(500);
        assertThat(call.tree().get("message").string()).isEqualTo("Internal error occurred: StackOverflowError");
    }

    @Test
    void anAnswerThatHasBegunCannotTurnIntoAnError() {
        var request = request(FakeCall.get("/version"));
        assertThatThrownBy(() -> errors.handle(request, each -> {
                    each.response().begin();
                    throw ApiException.badRequest("too late");
                }))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aStoppingServerRefusesNewCallsAndFinishesTheOthers() throws Exception {
        var draining = new Draining(drain, new ForegroundGate(), errors);
        var late = FakeCall.get("/api/v1/pods");
        draining.handle(request(FakeCall.get("/api/v1/pods")), running -> {
            drain.begin();
            draining.handle(request(late), request -> passed.add("late"));
            assertThat(drain.await(Duration.ofMillis(1))).isFalse();
        });
        assertThat(passed).isEmpty();
        assertThat(late.status).isEqualTo(429);
        assertThat(late.answered)
                .containsEntry(HeaderNames.RETRY_AFTER, "5")
                .containsEntry(HeaderNames.CONNECTION, "close");
        assertThat(drain.await(Duration.ofMillis(1))).isTrue();
    }

    @Test
    void healthCanBeAskedForWhileTheServerStops() throws Exception {
        drain.begin();
        new Draining(drain, new ForegroundGate(), errors)
                .handle(request(FakeCall.get("/livez")), request -> passed.add("asked"));
        assertThat(passed).containsExactly("asked");
    }

    @Test
    void theForegroundIsLeftWhateverHappens() throws Exception {
        var foreground = new ForegroundGate();
        assertThatThrownBy(() -> new Draining(drain, foreground, errors)
                        .handle(request(FakeCall.get("/api/v1/pods")), request -> {
                            throw new IOException("gone");
                        }))
                .isInstanceOf(IOException.class);
        var patience = Duration.ofSeconds(5);
        assertThat(foreground.giveWay(patience)).isEqualTo(patience);
    }

    @Test
    void impersonationNeedsARightAndChangesTheUser() throws Exception {
        var call = FakeCall.get("/version")
                .header(HeaderNames.IMPERSONATE_USER, "jane")
                .header(HeaderNames.IMPERSONATE_GROUP, "admins");
        var seen = new AtomicReference<User>();
        new Impersonation(new Impersonator(authorizer(true)))
                .handle(request(call), request -> seen.set(request.user()));
        assertThat(seen.get()).isEqualTo(User.of("jane", "admins"));
        assertThatThrownBy(() ->
                        new Impersonation(new Impersonator(authorizer(false))).handle(request(call), request -> {}))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("cannot impersonate-on:user-info:get path \"/version\"");
    }

    private static AuditRecord audited(ApiRequest request) {
        var record = new AuditRecord(AuditLevel.METADATA, true, () -> {});
        request.response().audited(record);
        return record;
    }

    @Test
    void whatNobodyCouldDecideIsNoDecisionInTheAudit() throws Exception {
        var failing = new Authorizer() {
            @Override
            public Decision authorize(AccessAttributes attributes) {
                return new Decision(Verdict.NO_OPINION, "a role", "nobody answers");
            }

            @Override
            public Rules rules(User user, String namespace) {
                return Rules.NONE;
            }
        };
        var request = request(FakeCall.get("/version"));
        audited(request);
        new Authorization(failing, new AccessMetrics(new Metrics(), System::nanoTime, InstantSource.system()))
                .handle(request, next -> {});
        assertThat(request.response().auditAnnotations())
                .containsExactly(Map.entry("authorization.k8s.io/reason", "internal error"));
    }

    @Test
    void theRightToActAsSomebodyIsTold() throws Exception {
        var request = request(FakeCall.get("/version").header(HeaderNames.IMPERSONATE_USER, "jane"));
        var record = audited(request);
        new Impersonation(new Impersonator(authorizer(true))).handle(request, next -> {});
        assertThat(record.acting()).hasValue(User.of("jane"));
        assertThat(record.constraint()).isEqualTo("impersonate:user-info");
    }

    /// Under the results and the few names that the original tells apart.
    @Test
    void attemptsToBeKnownAreCountedByHowTheyEnd() throws Exception {
        var metrics = new Metrics();
        var tokens = new BearerTokens() {
            @Override
            public Optional<User> verify(String token, List<String> audiences) {
                return token.equals("wrong") ? Optional.empty() : Optional.of(User.of(token));
            }

            @Override
            public List<String> audiences(String token) {
                return List.of();
            }

            @Override
            public List<String> own() {
                return List.of();
            }
        };
        var authenticator = new Authenticator(
                tokens,
                new CertificateUsers(() -> ClientAuthorities.of(""), Optional.empty()),
                Map.of(),
                InstantSource.system(),
                path -> false);
        var stage =
                new Authentication(authenticator, new AccessMetrics(metrics, System::nanoTime, InstantSource.system()));
        for (var token : List.of("kubelet", "eva@example.org", "eva"))
            stage.handle(
                    request(FakeCall.get("/api").header(HeaderNames.AUTHORIZATION, "Bearer " + token)),
                    request -> passed.add(request.user().name()));
        for (var header : List.of("Bearer wrong", "", "Basic YTpi"))
            assertThatThrownBy(() -> stage.handle(
                            request(FakeCall.get("/api").header(HeaderNames.AUTHORIZATION, header)), request -> {}))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.code()).isEqualTo(401));
        assertThat(passed).containsExactly("kubelet", "eva@example.org", "eva");
        assertThat(metrics.text().lines())
                .contains(
                        "authentication_attempts{result=\"success\"} 3",
                        "authentication_attempts{result=\"error\"} 1",
                        "authentication_attempts{result=\"failure\"} 2",
                        "authentication_duration_seconds_count{result=\"failure\"} 2",
                        "authenticated_user_requests{username=\"kubelet\"} 1",
                        "authenticated_user_requests{username=\"email_id\"} 1",
                        "authenticated_user_requests{username=\"other\"} 1");
    }

    @Test
    void aRefusalSaysWhoMayNotDoWhatWhere() {
        assertThatThrownBy(() -> new Authorization(
                                authorizer(false),
                                new AccessMetrics(new Metrics(), System::nanoTime, InstantSource.system()))
                        .handle(request(FakeCall.get("/api/v1/namespaces/a/pods/x/log")), request -> {}))
                .hasMessage("pods \"x\" is forbidden: User \"system:anonymous\" cannot get resource \"pods/log\" in API"
                        + " group \"\" in the namespace \"a\"");
        assertThatThrownBy(() -> new Authorization(
                                authorizer(false),
                                new AccessMetrics(new Metrics(), System::nanoTime, InstantSource.system()))
                        .handle(request(FakeCall.get("/metrics")), request -> {}))
                .hasMessage("forbidden: User \"system:anonymous\" cannot get path \"/metrics\"");
    }
}
