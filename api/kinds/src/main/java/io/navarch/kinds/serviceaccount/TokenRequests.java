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
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/// `serviceaccounts/token`: issues a token for an account.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
public final class TokenRequests implements SubresourceHandler {
    private static final long DEFAULT_SECONDS = 3600;
    private static final long LEAST_SECONDS = 600;

    private final ServiceAccountTokens tokens;
    private final InstantSource clock;

    public TokenRequests(ServiceAccountTokens tokens, InstantSource clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public Answer serve(Request request, Objects objects) throws InterruptedException {
        var answer = request.body();
        var spec = new TokenRequest(answer).spec();
        var namespace = request.call().namespace();
        var account = ServiceAccount.of(View.of(objects.edit(
                        Resources.SERVICE_ACCOUNTS, namespace, request.call().name())
                .object()));
        objects.validate(answer);
        long seconds = spec.expirationSecondsOr(DEFAULT_SECONDS);
        if (seconds < LEAST_SECONDS) {
            throw ApiException.invalid(
                    "authentication.k8s.io",
                    "TokenRequest",
                    "",
                    List.of(FieldError.invalid(
                            "spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")));
        }
        var bound = bound(spec.boundObjectRef(), namespace, objects);
        var expires = clock.instant().plusSeconds(seconds);
        var audiences = spec.audiences();
        var token = tokens.issue(account, audiences, expires, bound);
        TokenRequest.edit(answer)
                .kind("TokenRequest")
                .apiVersion("authentication.k8s.io/v1")
                .metadata(metadata -> metadata.name(account.name()).namespace(account.namespace()))
                .spec(each -> each.expirationSeconds(seconds)
                        .audiences(audiences.isEmpty() ? List.of(tokens.issuer()) : audiences))
                .status(TokenRequestStatus.builder()
                        .token(token)
                        .expirationTimestamp(expires)
                        .build());
        return new Answer(201, answer);
    }

    private static View bound(BoundObjectReference reference, String namespace, Admission.Lookup objects) {
        if (!reference.exists()) return View.ABSENT;
        var plural = reference.kind().toLowerCase(Locale.ROOT) + "s";
        var bound = objects.get("", plural, namespace, reference.name());
        if (!bound.exists()) throw ApiException.notFound(plural, "", reference.name());
        if (!reference.uid().isEmpty() && !reference.uid().equals(bound.uid())) {
            throw ApiException.conflict(
                    plural,
                    "",
                    bound.name(),
                    "the UID in the bound object reference (" + reference.uid()
                            + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        return bound;
    }
}
