package io.navarch.kinds.serviceaccount;

import io.navarch.model.AnyObject;
import io.navarch.model.ApiObject;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.model.ServiceAccount;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// Issues and recognizes service-account tokens: bound to an account, an audience, a time, and perhaps a pod or a
/// secret.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
public final class ServiceAccountTokens {
    /// The issuer of tokens that are kept in Secrets.
    private static final String LEGACY_ISSUER = "kubernetes/serviceaccount";

    private static final String LEGACY = "kubernetes.io/serviceaccount/";
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";
    private static final String EXTRA = "authentication.kubernetes.io/";
    private static final String BOUND = "kubernetes.io";

    /// How far ahead the clock of the issuer may be.
    private static final long SKEW_SECONDS = 5;

    /// How long tokens outlive the time at which what they are bound to was to be gone.
    private static final long LEEWAY_SECONDS = 60;

    private final TokenCodec codec;
    private final String issuer;
    private final InstantSource clock;
    private final Admission.Lookup objects;
    private final Consumer<Secret> used;

    /// @param used is told the Secret whose token somebody has shown
    public ServiceAccountTokens(
            TokenCodec codec, String issuer, InstantSource clock, Admission.Lookup objects, Consumer<Secret> used) {
        this.codec = codec;
        this.issuer = issuer;
        this.clock = clock;
        this.objects = objects;
        this.used = used;
    }

    public String issuer() {
        return issuer;
    }

    private static String subject(ServiceAccount account) {
        return "system:serviceaccount:" + account.namespace() + ":" + account.name();
    }

    /// A signed token.
    ///
    /// @param bound the pod, node or secret that it is valid with, absent for none
    String issue(ServiceAccount account, List<String> audiences, Instant expires, View bound) {
        var now = clock.instant();
        var claims = Trees.map(
                "iss",
                issuer,
                "sub",
                subject(account),
                "aud",
                audiences.isEmpty() ? List.of(issuer) : audiences,
                "iat",
                now.getEpochSecond(),
                "nbf",
                now.getEpochSecond(),
                "exp",
                expires.getEpochSecond(),
                "jti",
                UUID.randomUUID().toString(),
                BOUND,
                boundTo(account, bound));
        return codec.sign().apply(claims);
    }

    private Map<String, Object> boundTo(ServiceAccount account, View bound) {
        var claim = Trees.map(
                "namespace", account.namespace(),
                "serviceaccount", Trees.map("name", account.name(), "uid", account.uid()));
        if (!bound.exists()) return claim;
        var kind = AnyObject.of(bound).kind().toLowerCase(Locale.ROOT);
        claim.put(kind, Trees.map("name", bound.name(), "uid", bound.uid()));
        var node = Pod.of(bound).spec().nodeName();
        if (!node.isEmpty()) {
            var uid = objects.get(Resources.NODES, "", node).uid();
            claim.put("node", Trees.map("name", node, "uid", uid));
        }
        return claim;
    }

    /// The token of a Secret of type `kubernetes.io/service-account-token`: valid as long as the Secret is there.
    public String legacy(ServiceAccount account, Secret secret) {
        return codec.sign()
                .apply(Trees.map(
                        "iss",
                        LEGACY_ISSUER,
                        "sub",
                        subject(account),
                        LEGACY + "namespace",
                        account.namespace(),
                        LEGACY + "secret.name",
                        secret.name(),
                        LEGACY + "service-account.name",
                        account.name(),
                        LEGACY + "service-account.uid",
                        account.uid()));
    }

    /// The user of a token; empty when it is forged, expired, meant for others, or what it is bound to is gone.
    public Optional<User> verify(String token, List<String> audiences) {
        return codec.verify().apply(token).map(View::of).flatMap(claims -> {
            boolean legacy = claims.get("iss").string().equals(LEGACY_ISSUER);
            return legacy ? legacyUser(claims, token, audiences) : user(claims, audiences);
        });
    }

    /// Whom a token of this cluster is meant for; those of old, which do not say so, for the API server.
    public List<String> audiences(String token) {
        return codec.verify()
                .apply(token)
                .map(claims -> audience(View.of(claims).get("aud")))
                .filter(audiences -> !audiences.isEmpty())
                .orElse(List.of(issuer));
    }

    private Optional<User> user(View claims, List<String> audiences) {
        var now = clock.instant();
        var expires = claims.get("exp");
        if (!expires.exists() || now.isAfter(Instant.ofEpochSecond(expires.longOr(0)))) return Optional.empty();
        var from = Instant.ofEpochSecond(claims.get("nbf").longOr(0));
        if (now.plusSeconds(SKEW_SECONDS).isBefore(from)) return Optional.empty();
        if (!issuer.equals(claims.get("iss").string())) return Optional.empty();
        var wanted = audiences.isEmpty() ? List.of(issuer) : audiences;
        if (audience(claims.get("aud")).stream().noneMatch(wanted::contains)) return Optional.empty();
        return boundUser(claims.get(BOUND), claims.get("jti").string());
    }

    /// A single audience comes without a list.
    private static List<String> audience(View claim) {
        return claim.string().isEmpty() ? claim.strings() : List.of(claim.string());
    }

    private Optional<User> boundUser(View claim, String id) {
        var namespace = claim.get("namespace").string();
        var account = claim.get("serviceaccount");
        var live = objects.get(
                Resources.SERVICE_ACCOUNTS, namespace, account.get("name").string());
        var pod = claim.get("pod");
        // The node of a pod is only told of; a token without a pod ends with its node.
        boolean there = live.uid().equals(account.get("uid").string())
                && !gone(live)
                && alive(pod, Resources.PODS, namespace)
                && alive(claim.get("secret"), Resources.SECRETS, namespace)
                && (pod.exists() || alive(claim.get("node"), Resources.NODES, ""));
        if (!there) return Optional.empty();
        var extra = new HashMap<String, List<String>>();
        extra.put(EXTRA + "credential-id", List.of("JTI=" + id));
        for (var kind : List.of("pod", "node")) {
            var bound = claim.get(kind);
            if (!bound.exists()) continue;
            extra.put(EXTRA + kind + "-name", List.of(bound.get("name").string()));
            extra.put(EXTRA + kind + "-uid", List.of(bound.get("uid").string()));
        }
        return Optional.of(user(live, extra));
    }

    /// Whether what a token is bound to is still the same object; a token that is bound to nothing has nothing to lose.
    private boolean alive(View bound, ResourceType<? extends ApiObject> type, String namespace) {
        if (!bound.exists()) return true;
        var object = objects.get(type, namespace, bound.get("name").string());
        return object.exists() && object.uid().equals(bound.get("uid").string()) && !gone(object);
    }

    /// Whether an object should have been gone for a while: what still holds it must not keep tokens alive.
    private boolean gone(ApiObject object) {
        return object.metadata()
                .deletionTimestamp()
                .filter(then -> then.isBefore(clock.instant().minusSeconds(LEEWAY_SECONDS)))
                .isPresent();
    }

    /// A token that nobody has used for long is not accepted any more, until its label is taken off.
    private Optional<User> legacyUser(View claims, String token, List<String> audiences) {
        if (!audiences.isEmpty() && !audiences.contains(issuer)) return Optional.empty();
        var namespace = claims.get(LEGACY + "namespace").string();
        var account = objects.get(
                Resources.SERVICE_ACCOUNTS,
                namespace,
                claims.get(LEGACY + "service-account.name").string());
        var secret = objects.get(
                Resources.SECRETS, namespace, claims.get(LEGACY + "secret.name").string());
        boolean valid = account.exists()
                && account.uid()
                        .equals(claims.get(LEGACY + "service-account.uid").string())
                && secret.exists()
                && !secret.deleting()
                && holds(secret, token)
                && !secret.labels().containsKey(INVALID_SINCE);
        if (!valid) return Optional.empty();
        used.accept(secret);
        return Optional.of(user(account, Map.of()));
    }

    private static boolean holds(Secret secret, String token) {
        var kept = secret.data().get("token");
        return kept != null && MessageDigest.isEqual(token.getBytes(StandardCharsets.US_ASCII), kept);
    }

    private static User user(ServiceAccount account, Map<String, List<String>> extra) {
        return new User(
                subject(account),
                account.uid(),
                List.of("system:serviceaccounts", "system:serviceaccounts:" + account.namespace(), User.AUTHENTICATED),
                extra);
    }
}
