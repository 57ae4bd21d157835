package io.navarch.apiserver.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.navarch.apiserver.request.User;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// Signs and verifies service-account tokens: bound to an account, an audience, a time, and perhaps a pod or a secret.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
public final class ServiceAccountTokens {
    /// Of tokens that are kept in Secrets.
    private static final String LEGACY_ISSUER = "kubernetes/serviceaccount";

    private static final String LEGACY = "kubernetes.io/serviceaccount/";
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    private final RSAPrivateKey signingKey;
    private final RSAKey publicKey;
    private final String issuer;
    private final InstantSource clock;
    private final Admission.Lookup lookup;
    private final Consumer<View> used;

    /// @param used told of the Secret whose token somebody has shown
    public ServiceAccountTokens(
            RSAPrivateKey signingKey,
            RSAPublicKey publicKey,
            String issuer,
            InstantSource clock,
            Admission.Lookup lookup,
            Consumer<View> used) {
        this.used = used;
        this.signingKey = signingKey;
        this.issuer = issuer;
        this.clock = clock;
        this.lookup = lookup;
        try {
            this.publicKey = new RSAKey.Builder(publicKey)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint()
                    .build();
        } catch (JOSEException e) {
            throw new IllegalArgumentException("unusable service-account key", e);
        }
    }

    public String issuer() {
        return issuer;
    }

    public Map<String, Object> jwks() {
        return new JWKSet(publicKey).toPublicJWKSet().toJSONObject(true);
    }

    /// A signed token.
    ///
    /// @param bound the pod or secret it is valid with, absent for none
    public String issue(View account, List<String> audiences, Instant expires, View bound) {
        var now = clock.instant();
        var kubernetes = Trees.map(
                "namespace", account.namespace(),
                "serviceaccount", Trees.map("name", account.name(), "uid", account.uid()));
        if (bound.exists()) {
            var kind = bound.get("kind").string().toLowerCase(java.util.Locale.ROOT);
            kubernetes.put(kind, Trees.map("name", bound.name(), "uid", bound.uid()));
            var node = bound.spec().get("nodeName").string();
            if (!node.isEmpty()) {
                kubernetes.put(
                        "node",
                        Trees.map(
                                "name",
                                node,
                                "uid",
                                lookup.get("", "nodes", "", node).uid()));
            }
        }
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("system:serviceaccount:" + account.namespace() + ":" + account.name())
                .audience(audiences.isEmpty() ? List.of(issuer) : audiences)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(expires))
                .jwtID(UUID.randomUUID().toString())
                .claim("kubernetes.io", kubernetes)
                .build();
        return signed(claims);
    }

    private String signed(JWTClaimsSet claims) {
        var token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(publicKey.getKeyID())
                        .build(),
                claims);
        try {
            token.sign(new RSASSASigner(signingKey));
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot sign", e);
        }
        return token.serialize();
    }

    /// The token of a Secret of type `kubernetes.io/service-account-token`: valid as long as the Secret is there.
    public String legacy(View account, View secret) {
        return signed(new JWTClaimsSet.Builder()
                .issuer(LEGACY_ISSUER)
                .subject("system:serviceaccount:" + account.namespace() + ":" + account.name())
                .claim(LEGACY + "namespace", account.namespace())
                .claim(LEGACY + "secret.name", secret.name())
                .claim(LEGACY + "service-account.name", account.name())
                .claim(LEGACY + "service-account.uid", account.uid())
                .build());
    }

    /// A token that nobody has used for long is no longer taken, but can be brought back by taking the label off.
    private User legacyUser(JWTClaimsSet claims, String token) throws ParseException {
        var namespace = claims.getStringClaim(LEGACY + "namespace");
        var account =
                lookup.get("", "serviceaccounts", namespace, claims.getStringClaim(LEGACY + "service-account.name"));
        var secret = lookup.get("", "secrets", namespace, claims.getStringClaim(LEGACY + "secret.name"));
        boolean valid = account.exists()
                && account.uid().equals(claims.getStringClaim(LEGACY + "service-account.uid"))
                && secret.exists()
                && !secret.deleting()
                && kept(secret, token)
                && !secret.labels().containsKey(INVALID_SINCE);
        if (!valid) return null;
        used.accept(secret);
        return account(account, Map.of());
    }

    private static boolean kept(View secret, String token) {
        var copy = Base64.getEncoder().encode(token.getBytes(StandardCharsets.US_ASCII));
        var data = secret.get("data", "token").string().getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(copy, data);
    }

    private static User account(View account, Map<String, List<String>> extra) {
        return new User(
                "system:serviceaccount:" + account.namespace() + ":" + account.name(),
                account.uid(),
                List.of(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + account.namespace(),
                        "system:authenticated"),
                extra);
    }

    /// The user of a token, or `null` when it is forged, expired, meant for others, or what it is bound to is gone.
    User verify(String token, List<String> audiences) {
        try {
            var parsed = SignedJWT.parse(token);
            if (!parsed.verify(new RSASSAVerifier(publicKey.toRSAPublicKey()))) return null;
            var claims = parsed.getJWTClaimsSet();
            if (LEGACY_ISSUER.equals(claims.getIssuer()))
                return audiences.isEmpty() || audiences.contains(issuer) ? legacyUser(claims, token) : null;
            var now = clock.instant();
            if (claims.getExpirationTime() == null
                    || now.isAfter(claims.getExpirationTime().toInstant())) return null;
            if (claims.getNotBeforeTime() != null
                    && now.plusSeconds(5).isBefore(claims.getNotBeforeTime().toInstant())) return null;
            if (!issuer.equals(claims.getIssuer())) return null;
            var wanted = audiences.isEmpty() ? List.of(issuer) : audiences;
            if (claims.getAudience().stream().noneMatch(wanted::contains)) return null;
            return user(View.of(claims.getClaim("kubernetes.io")), claims.getJWTID());
        } catch (ParseException | JOSEException | IllegalStateException e) {
            return null;
        }
    }

    private User user(View claim, String id) {
        var namespace = claim.get("namespace").string();
        var account = claim.get("serviceaccount");
        var live =
                lookup.get("", "serviceaccounts", namespace, account.get("name").string());
        if (!live.uid().equals(account.get("uid").string())) return null;
        var extra = new HashMap<String, List<String>>();
        extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + id));
        for (var kind : List.of("pod", "secret")) {
            var bound = claim.get(kind);
            if (!bound.exists()) continue;
            var object = lookup.get("", kind + "s", namespace, bound.get("name").string());
            if (!object.uid().equals(bound.get("uid").string())) return null;
            if (kind.equals("pod")) {
                extra.put(
                        "authentication.kubernetes.io/pod-name",
                        List.of(bound.get("name").string()));
                extra.put(
                        "authentication.kubernetes.io/pod-uid",
                        List.of(bound.get("uid").string()));
            }
        }
        if (claim.get("node").exists()) {
            extra.put(
                    "authentication.kubernetes.io/node-name",
                    List.of(claim.get("node", "name").string()));
            extra.put(
                    "authentication.kubernetes.io/node-uid",
                    List.of(claim.get("node", "uid").string()));
        }
        return account(live, extra);
    }
}
