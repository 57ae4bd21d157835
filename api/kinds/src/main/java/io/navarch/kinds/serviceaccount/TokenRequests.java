package io.navarch.kinds.serviceaccount;

import io.navarch.model.BoundObjectReference;
import io.navarch.model.Resources;
import io.navarch.model.ServiceAccount;
import io.navarch.model.TokenRequest;
import io.navarch.model.TokenRequestStatus;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.subresource.SubresourceHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/// `serviceaccounts/token`: issues a token for an account.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
public final class TokenRequests implements SubresourceHandler {
    private static final String GROUP = "authentication.k8s.io";
    private static final String KIND = "TokenRequest";
    private static final long DEFAULT_SECONDS = 3600;
    private static final long LEAST_SECONDS = 600;
    private static final long MOST_SECONDS = 1L << 32;

    private final ServiceAccountTokens tokens;
    private final InstantSource clock;
    private final long longest;

    /// @param longest how long a token may live; zero for as long as whoever asks likes
    public TokenRequests(ServiceAccountTokens tokens, InstantSource clock, Duration longest) {
        this.tokens = tokens;
        this.clock = clock;
        this.longest = longest.isZero() ? MOST_SECONDS : longest.toSeconds();
    }

    @Override
    public Answer serve(Request request, Objects objects) throws InterruptedException {
        var answer = request.body();
        var sent = new TokenRequest(answer);
        var spec = sent.spec();
        var namespace = request.call().namespace();
        var name = request.call().name();
        addressed(sent, namespace, name);
        var account = ServiceAccount.of(View.of(
                objects.edit(Resources.SERVICE_ACCOUNTS, namespace, name).object()));
        var uid = sent.metadata().uid();
        if (!uid.isEmpty() && !uid.equals(account.uid()))
            throw ApiException.conflict(
                    KIND,
                    GROUP,
                    name,
                    "the UID in the token request (" + uid + ") does not match the UID of the service account ("
                            + account.uid() + ")");
        long asked = spec.expirationSecondsOr(DEFAULT_SECONDS);
        checkTime(asked);
        objects.validate(answer);
        var bound = bound(spec.boundObjectRef(), account, objects);
        long seconds = Math.min(asked, longest);
        if (seconds < asked)
            request.call()
                    .warn()
                    .accept("requested expiration of " + asked + " seconds shortened to " + seconds + " seconds");
        var now = clock.instant();
        var expires = now.plusSeconds(seconds);
        var audiences = spec.audiences();
        var token = tokens.issue(account, audiences, expires, bound);
        TokenRequest.edit(answer)
                .kind(KIND)
                .apiVersion(GROUP + "/v1")
                .metadata(metadata -> metadata.name(account.name())
                        .namespace(account.namespace())
                        .uid(account.uid())
                        .creationTimestamp(now))
                .spec(each -> each.expirationSeconds(seconds)
                        .audiences(audiences.isEmpty() ? List.of(tokens.issuer()) : audiences))
                .status(TokenRequestStatus.builder()
                        .token(token)
                        .expirationTimestamp(expires)
                        .build());
        return new Answer(201, answer);
    }

    private static void addressed(TokenRequest sent, String namespace, String name) {
        if (!List.of("", name).contains(sent.metadata().name()))
            throw invalid(
                    name, "metadata.name", sent.metadata().name(), "must match the service account name if specified");
        if (!List.of("", namespace).contains(sent.metadata().namespace()))
            throw invalid(
                    name,
                    "metadata.namespace",
                    sent.metadata().namespace(),
                    "must match the service account namespace if specified");
    }

    private static void checkTime(long seconds) {
        var path = "spec.expirationSeconds";
        if (seconds < LEAST_SECONDS)
            throw invalid("", path, seconds, "may not specify a duration less than 10 minutes");
        if (seconds > MOST_SECONDS)
            throw invalid("", path, seconds, "may not specify a duration larger than 2^32 seconds");
    }

    private static ApiException invalid(String name, String path, Object value, String why) {
        return ApiException.invalid(GROUP, KIND, name, List.of(FieldError.invalid(path, value, why)));
    }

    /// What a token is bound to: it must be of use to nobody but the account's own pods.
    private static View bound(BoundObjectReference reference, ServiceAccount account, Admission.Lookup objects) {
        if (!reference.exists()) return View.ABSENT;
        var name = reference.name();
        var bound = switch (reference.apiVersion() + " " + reference.kind()) {
            case "v1 Pod" -> pod(name, account, objects);
            case "v1 Node" -> View.over(objects.get(Resources.NODES, "", name));
            case "v1 Secret" -> View.over(objects.get(Resources.SECRETS, account.namespace(), name));
            default ->
                throw ApiException.badRequest(
                        "cannot bind token to object of type " + goName(reference.apiVersion(), reference.kind()));
        };
        if (!bound.exists()) throw ApiException.notFound(reference.kind().toLowerCase(Locale.ROOT) + "s", "", name);
        if (!reference.uid().isEmpty() && !reference.uid().equals(bound.uid())) {
            throw ApiException.conflict(
                    reference.kind(),
                    "",
                    bound.name(),
                    "the UID in the bound object reference (" + reference.uid()
                            + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        return bound;
    }

    private static View pod(String name, ServiceAccount account, Admission.Lookup objects) {
        var pod = objects.get(Resources.PODS, account.namespace(), name);
        if (pod.exists() && !account.name().equals(pod.spec().serviceAccountName()))
            throw ApiException.badRequest("cannot bind token for serviceaccount \"" + account.name()
                    + "\" to pod running with different serviceaccount name.");
        return View.over(pod);
    }

    /// A kind as Go writes it.
    private static String goName(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        var group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return group + "/" + apiVersion.substring(slash + 1) + ", Kind=" + kind;
    }
}
