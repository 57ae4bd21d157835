package io.navarch.agent.volumes;

import io.navarch.client.Client;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.ServiceAccountTokenProjection;
import io.navarch.model.TokenRequest;
import io.navarch.model.TokenRequestStatus;
import io.navarch.objects.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The service account tokens of this node's pods, bound to them and renewed in time.
public final class ProjectedTokens {
    static final long SECONDS = 3600;

    private record Wanted(String podUid, String audience, long seconds) {}

    private record Token(TokenRequestStatus status, Instant madeAt, Instant renewAt) {}

    private final Client client;
    private final InstantSource clock;
    private final Map<Wanted, Token> tokens = new ConcurrentHashMap<>();

    public ProjectedTokens(Client client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /// The tokens that the pod's volumes ask for.
    Map<ServiceAccountTokenProjection, String> of(Pod pod) {
        var result = new HashMap<ServiceAccountTokenProjection, String>();
        for (var volume : pod.spec().volumes()) {
            for (var source : volume.projected().sources()) {
                if (source.hasServiceAccountToken())
                    result.put(source.serviceAccountToken(), token(pod, source.serviceAccountToken()));
            }
        }
        return result;
    }

    private String token(Pod pod, ServiceAccountTokenProjection projection) {
        return token(pod, projection.audience(), projection.expirationSecondsOr(SECONDS))
                .token();
    }

    /// One that is valid for a while yet.
    TokenRequestStatus token(Pod pod, String audience, long seconds) {
        var wanted = new Wanted(pod.uid(), audience, seconds);
        var known = tokens.get(wanted);
        var now = clock.instant();
        // One that was made in the future is not valid yet: the clock was set back.
        if (known != null && !now.isBefore(known.madeAt) && now.isBefore(known.renewAt)) return known.status;
        var fresh = request(pod, wanted, now);
        tokens.put(wanted, fresh);
        return fresh.status;
    }

    private Token request(Pod pod, Wanted wanted, Instant now) {
        var request = TokenRequest.builder()
                .apiVersion("authentication.k8s.io/v1")
                .kind("TokenRequest")
                .spec(spec -> {
                    spec.expirationSeconds(wanted.seconds)
                            .boundObjectRef(bound -> bound.kind("Pod")
                                    .apiVersion("v1")
                                    .name(pod.name())
                                    .uid(pod.uid()));
                    if (!wanted.audience.isEmpty()) spec.addAudiences(wanted.audience);
                });
        var account = new ObjectKey(pod.namespace(), pod.spec().serviceAccountNameOr("default"));
        var answer = TokenRequest.of(client.post(Resources.SERVICE_ACCOUNTS, account, "token", request.map()));
        // Renewed when four fifths of its time are over.
        var life = answer.status()
                .expirationTimestamp()
                .map(end -> Duration.between(now, end).toSeconds() * 4 / 5)
                .orElse(0L);
        return new Token(answer.status(), now, now.plusSeconds(Math.max(60, life)));
    }

    void forget(String podUid) {
        tokens.keySet().removeIf(wanted -> wanted.podUid.equals(podUid));
    }
}
