package io.navarch.kinds.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A detached JWS with HMAC-SHA-256, by which whoever knows a token can trust what a cluster says to everybody.
///
/// Source: RFC 7515, appendix F
public final class TokenSignature {
    private static final String ALGORITHM = "HmacSHA256";

    private TokenSignature() {}

    public static String of(String content, String id, String secret) {
        try {
            var encoder = Base64.getUrlEncoder().withoutPadding();
            var header = encoder.encodeToString(bytes("{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}"));
            var payload = encoder.encodeToString(bytes(content));
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes(secret), ALGORITHM));
            return header + ".." + encoder.encodeToString(mac.doFinal(bytes(header + "." + payload)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    /// Whether this is the token's signature of the content. It is made again, not read: a header that asks for
    /// another algorithm asks in vain.
    public static boolean holds(String signature, String content, FreshToken token) {
        return MessageDigest.isEqual(bytes(signature), bytes(of(content, token.id(), token.secret())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
