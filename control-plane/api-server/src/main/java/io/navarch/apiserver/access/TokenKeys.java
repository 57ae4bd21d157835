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
import io.navarch.objects.Sha256;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Signs JSON Web Tokens and recognizes its own. What claims mean is not decided here.
public final class TokenKeys {
    private final RSAPrivateKey signingKey;
    private final RSAKey publicKey;
    /// Those that verify, the one that signs first.
    private final List<RSAKey> publicKeys = new ArrayList<>();
    /// Other keys are another object, so that nothing is remembered of a key that is trusted no more.
    private final VerifiedTokens verified = new VerifiedTokens();

    /// @param former keys of earlier tokens, which stay valid
    public TokenKeys(RSAPrivateKey signingKey, RSAPublicKey publicKey, List<RSAPublicKey> former) {
        this.signingKey = signingKey;
        this.publicKey = named(publicKey);
        publicKeys.add(this.publicKey);
        for (var each : former) publicKeys.add(named(each));
    }

    private static RSAKey named(RSAPublicKey key) {
        try {
            return new RSAKey.Builder(key)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint()
                    .build();
        } catch (JOSEException e) {
            throw new IllegalArgumentException("unusable service-account key", e);
        }
    }

    /// The keys that verify tokens, as a JSON Web Key Set.
    public Map<String, Object> publicKeys() {
        return new JWKSet(List.copyOf(publicKeys)).toPublicJWKSet().toJSONObject(true);
    }

    public String sign(Map<String, Object> claims) {
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(publicKey.getKeyID())
                .build();
        try {
            var token = new SignedJWT(header, JWTClaimsSet.parse(claims));
            token.sign(new RSASSASigner(signingKey));
            return token.serialize();
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }

    /// The claims of a token that was signed here; times are seconds since 1970.
    public Optional<Map<String, Object>> verify(String token) {
        var digest = Sha256.hex(token);
        var known = verified.of(digest);
        if (known.isPresent()) return known;
        var claims = signed(token);
        claims.ifPresent(found -> verified.put(digest, token.length(), found));
        return claims;
    }

    private Optional<Map<String, Object>> signed(String token) {
        try {
            var parsed = SignedJWT.parse(token);
            var wanted = parsed.getHeader().getKeyID();
            for (var key : publicKeys) {
                // A token says which key has signed it; one that does not may be of any.
                boolean meant = wanted == null || wanted.isEmpty() || wanted.equals(key.getKeyID());
                if (meant && parsed.verify(new RSASSAVerifier(key.toRSAPublicKey())))
                    return Optional.of(
                            Collections.unmodifiableMap(parsed.getJWTClaimsSet().toJSONObject()));
            }
            return Optional.empty();
        } catch (ParseException | JOSEException | IllegalStateException e) {
            return Optional.empty();
        }
    }
}
