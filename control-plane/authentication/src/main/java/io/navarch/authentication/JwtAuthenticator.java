package io.navarch.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import io.navarch.objects.Json;
import io.navarch.objects.Sha256;
import io.navarch.process.Remembered;
import io.navarch.schema.admission.User;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes tokens of one issuer of OpenID Connect.
final class JwtAuthenticator implements TokenAuthenticator, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JwtAuthenticator.class);

    /// Only signatures by a key that the issuer alone has.
    private static final Set<JWSAlgorithm> SIGNED_BY_THE_ISSUER = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512);

    /// So much another clock may be ahead when it says from when on a token is valid.
    private static final Duration AHEAD = Duration.ofMinutes(5);

    /// For so long a token that was found valid is not checked again.
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    /// Some way beyond the year 9000.
    private static final double LATEST = 1e12;

    private final String issuer;
    private final List<String> audiences;
    private final IssuerKeys keys;
    private final ClaimRules rules;
    private final InstantSource clock;
    private final Remembered<User> known = new Remembered<>(4096);

    /// @param audiences one of these a token must be meant for
    JwtAuthenticator(String issuer, List<String> audiences, IssuerKeys keys, ClaimRules rules, InstantSource clock) {
        this.issuer = issuer;
        this.audiences = List.copyOf(audiences);
        this.keys = keys;
        this.rules = rules;
        this.clock = clock;
    }

    String issuer() {
        return issuer;
    }

    /// What keeps this from recognising anybody, or `""`.
    String problem() {
        return keys.problem();
    }

    boolean outdated() {
        return keys.outdated();
    }

    void refresh() {
        keys.refresh();
    }

    @Override
    public Optional<User> recognise(String token, List<String> wanted) {
        // Tokens are made for the issuer's clients, of which this cluster is one; what else is asked for is not theirs.
        var digest = Sha256.hex(token);
        var before = known.at(digest, clock.instant());
        if (before.isPresent()) return before;
        try {
            var parsed = JWSObject.parse(token);
            var claims = Json.parseMap(parsed.getPayload().toBytes());
            if (!issuer.equals(claims.get("iss"))) return Optional.empty();
            verify(parsed, claims);
            var user = rules.user(claims);
            remember(digest, user, time(claims, "exp").orElseThrow());
            return Optional.of(user);
        } catch (ClaimRules.Refused e) {
            LOG.warn("a token of {} is refused: {}", issuer, e.getMessage());
            return Optional.empty();
        } catch (ParseException | JOSEException | Json.MalformedException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private void remember(String digest, User user, Instant expiry) {
        var until = clock.instant().plus(REMEMBERED);
        known.put(digest, user, expiry.isBefore(until) ? expiry : until);
    }

    private void verify(JWSObject token, Map<String, Object> claims) throws JOSEException {
        var algorithm = token.getHeader().getAlgorithm();
        if (!SIGNED_BY_THE_ISSUER.contains(algorithm))
            throw new ClaimRules.Refused("id token signed with unsupported algorithm " + algorithm);
        boolean signed = false;
        for (var key : keys.named(Optional.ofNullable(token.getHeader().getKeyID())))
            signed |= usable(key, algorithm) && verifies(key, token);
        if (!signed)
            throw new ClaimRules.Refused("verify token: failed to verify id token signature"
                    + (keys.problem().isEmpty() ? "" : " (" + keys.problem() + ")"));
        var now = clock.instant();
        var expiry = time(claims, "exp");
        if (expiry.isEmpty() || !now.isBefore(expiry.get()))
            throw new ClaimRules.Refused("verify token: oidc: token is expired (Token Expiry: "
                    + expiry.map(Instant::toString).orElse("none") + ")");
        var start = time(claims, "nbf");
        if (start.isPresent() && now.plus(AHEAD).isBefore(start.get()))
            throw new ClaimRules.Refused(
                    "verify token: oidc: current time before the nbf (not before) time: " + start.get());
        var meant = claims.get("aud") instanceof List<?> list ? list : Collections.singletonList(claims.get("aud"));
        if (meant.stream().noneMatch(audience -> audience instanceof String text && audiences.contains(text)))
            throw new ClaimRules.Refused("verify token: oidc: expected audience in " + audiences + " got " + meant);
    }

    /// Seconds since 1970; what is there and is none is refused.
    private static Optional<Instant> time(Map<String, Object> claims, String name) {
        var value = claims.get(name);
        if (value == null) return Optional.empty();
        if (!(value instanceof Number number) || Math.abs(number.doubleValue()) > LATEST)
            throw new ClaimRules.Refused("parse claim " + name + ": not a time");
        return Optional.of(Instant.ofEpochSecond(number.longValue()));
    }

    private static boolean usable(JWK key, JWSAlgorithm algorithm) {
        boolean use = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
        return use && (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm));
    }

    private static boolean verifies(JWK key, JWSObject token) throws JOSEException {
        return switch (key) {
            case RSAKey rsa -> token.verify(new RSASSAVerifier(rsa));
            case ECKey curve -> token.verify(new ECDSAVerifier(curve));
            default -> false;
        };
    }

    @Override
    public void close() {
        keys.close();
    }
}
