package io.navarch.kinds.serviceaccount;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.support.ObjectsInMemory;
import io.navarch.model.Secret;
import io.navarch.model.ServiceAccount;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.admission.User;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceAccountTokensTest {
    private static final String ACCOUNT = "metadata: {name: robot, namespace: a, uid: r1}";
    private static final String POD = "{kind: Pod, metadata: {name: p, namespace: a, uid: p1}, spec: {nodeName: n1}}";

    private final Map<String, Map<String, Object>> signed = new HashMap<>();
    private final ObjectsInMemory objects = new ObjectsInMemory()
            .with("serviceaccounts", ACCOUNT)
            .with("pods", POD)
            .with("nodes", "metadata: {name: n1, uid: u1}");
    private final List<String> used = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final ServiceAccountTokens tokens = new ServiceAccountTokens(
            new TokenCodec(this::sign, token -> Optional.ofNullable(signed.get(token))),
            "https://issuer",
            () -> now,
            objects,
            secret -> used.add(secret.name()));

    private String sign(Map<String, Object> claims) {
        var token = "token-" + signed.size();
        signed.put(token, claims);
        return token;
    }

    private static View tree(String yaml) {
        return View.of(Yaml.parse(yaml));
    }

    private String issue(List<String> audiences, View bound) {
        return tokens.issue(ServiceAccount.of(tree(ACCOUNT)), audiences, now.plus(Duration.ofHours(1)), bound);
    }

    @Test
    void aTokenStandsForItsAccount() {
        var user = tokens.verify(issue(List.of(), View.ABSENT), List.of()).orElseThrow();
        assertThat(user.name()).isEqualTo("system:serviceaccount:a:robot");
        assertThat(user.uid()).isEqualTo("r1");
        assertThat(user.groups())
                .containsExactly("system:serviceaccounts", "system:serviceaccounts:a", User.AUTHENTICATED);
    }

    @Test
    void whatATokenIsBoundToIsToldOfItsUser() {
        var user = tokens.verify(issue(List.of(), tree(POD)), List.of()).orElseThrow();
        assertThat(user.extra())
                .containsEntry("authentication.kubernetes.io/pod-name", List.of("p"))
                .containsEntry("authentication.kubernetes.io/pod-uid", List.of("p1"))
                .containsEntry("authentication.kubernetes.io/node-name", List.of("n1"))
                .containsEntry("authentication.kubernetes.io/node-uid", List.of("u1"));
    }

    @Test
    void aTokenEndsWithItsTime() {
        var token = issue(List.of(), View.ABSENT);
        now = now.plus(Duration.ofMinutes(59));
        assertThat(tokens.verify(token, List.of())).isPresent();
        now = now.plus(Duration.ofMinutes(2));
        assertThat(tokens.verify(token, List.of())).isEmpty();
    }

    @Test
    void aTokenEndsWithWhatItIsBoundTo() {
        var token = issue(List.of(), tree(POD));
        objects.with("pods", POD.replace("p1", "p2"));
        assertThat(tokens.verify(token, List.of())).isEmpty();
        var other = issue(List.of(), View.ABSENT);
        objects.with("serviceaccounts", ACCOUNT.replace("r1", "r2"));
        assertThat(tokens.verify(other, List.of())).isEmpty();
    }

    @Test
    void aTokenEndsWithItsNodeOrSecret() {
        var node = issue(List.of(), tree("{kind: Node, metadata: {name: n1, uid: u1}}"));
        assertThat(tokens.verify(node, List.of()).orElseThrow().extra())
                .containsEntry("authentication.kubernetes.io/node-uid", List.of("u1"))
                .doesNotContainKey("authentication.kubernetes.io/pod-uid");
        var ofPod = issue(List.of(), tree(POD));
        objects.with("nodes", "metadata: {name: n1, uid: u2}");
        assertThat(tokens.verify(node, List.of())).isEmpty();
        // The node of a pod is only told of.
        assertThat(tokens.verify(ofPod, List.of())).isPresent();
        objects.with("secrets", "metadata: {name: s, namespace: a, uid: s1}");
        var secret = issue(List.of(), tree("{kind: Secret, metadata: {name: s, namespace: a, uid: s1}}"));
        assertThat(tokens.verify(secret, List.of())).isPresent();
        objects.with("secrets", "metadata: {name: s, namespace: a, uid: s2}");
        assertThat(tokens.verify(secret, List.of())).isEmpty();
    }

    /// What a finalizer holds does not keep its tokens.
    @Test
    void aTokenEndsAMinuteAfterTheDeletionOfWhatItIsBoundTo() {
        var ofPod = issue(List.of(), tree(POD));
        var ofAccount = issue(List.of(), View.ABSENT);
        var deleted = ", deletionTimestamp: '2026-01-02T03:04:05Z'}";
        objects.with("pods", POD.replace("uid: p1}", "uid: p1" + deleted));
        now = now.plusSeconds(60);
        assertThat(tokens.verify(ofPod, List.of())).isPresent();
        now = now.plusSeconds(1);
        assertThat(tokens.verify(ofPod, List.of())).isEmpty();
        assertThat(tokens.verify(ofAccount, List.of())).isPresent();
        objects.with("serviceaccounts", ACCOUNT.replace("uid: r1}", "uid: r1" + deleted));
        assertThat(tokens.verify(ofAccount, List.of())).isEmpty();
    }

    @Test
    void aTokenIsForItsAudience() {
        var token = issue(List.of("vault"), View.ABSENT);
        assertThat(tokens.verify(token, List.of())).isEmpty();
        assertThat(tokens.verify(token, List.of("vault", "other"))).isPresent();
        assertThat(tokens.verify("forged", List.of())).isEmpty();
    }

    @Test
    void aTokenInASecretLivesAsLongAsTheSecretHoldsIt() {
        var secret = "metadata: {name: s, namespace: a}\ndata: {token: %s}";
        var token = tokens.legacy(ServiceAccount.of(tree(ACCOUNT)), Secret.of(tree(secret.formatted(""))));
        assertThat(tokens.verify(token, List.of())).isEmpty();
        var encoded = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.US_ASCII));
        objects.with("secrets", secret.formatted(encoded));
        assertThat(tokens.verify(token, List.of())).isPresent();
        assertThat(used).containsExactly("s");
        objects.with(
                "secrets",
                secret.formatted(encoded)
                        .replace(
                                "namespace: a",
                                "namespace: a, labels: {kubernetes.io/legacy-token-invalid-since: '2026-01-01'}"));
        assertThat(tokens.verify(token, List.of())).isEmpty();
    }
}
