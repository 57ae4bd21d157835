package io.navarch.apiserver.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenKeysTest {
    private static TokenKeys keys() throws NoSuchAlgorithmException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        return new TokenKeys((RSAPrivateKey) pair.getPrivate(), (RSAPublicKey) pair.getPublic(), List.of());
    }

    @Test
    void claimsComeBackAsTheyWereSigned() throws NoSuchAlgorithmException {
        var keys = keys();
        var claims = Trees.map(
                "iss", "me", "aud", List.of("you", "them"), "exp", 1_800_000_000L, "nested", Trees.map("name", "x"));
        assertThat(keys.verify(keys.sign(claims)).orElseThrow()).containsAllEntriesOf(claims);
    }

    @Test
    void onlyOnesOwnTokensAreRecognized() throws NoSuchAlgorithmException {
        var keys = keys();
        var token = keys.sign(Trees.map("iss", "me"));
        assertThat(keys().verify(token)).isEmpty();
        assertThat(keys.verify(token.substring(0, token.length() - 8) + "AAAAAAAA"))
                .isEmpty();
        assertThat(keys.verify("no token")).isEmpty();
    }

    /// A signature that was right is remembered for the very token, for no likeness of it, and by nobody else.
    @Test
    void whatIsRememberedIsTheWholeToken() throws NoSuchAlgorithmException {
        var keys = keys();
        var token = keys.sign(Trees.map("iss", "me", "sub", "a"));
        var other = keys.sign(Trees.map("iss", "me", "sub", "b"));
        for (int i = 0; i < 2; i++) {
            assertThat(keys.verify(token).orElseThrow()).containsEntry("sub", "a");
            assertThat(keys.verify(other).orElseThrow()).containsEntry("sub", "b");
        }
        var parts = token.split("\\.");
        var others = other.split("\\.");
        assertThat(keys.verify(parts[0] + "." + others[1] + "." + parts[2])).isEmpty();
        assertThat(keys.verify(parts[0] + "." + parts[1] + "." + others[2])).isEmpty();
        assertThat(keys.verify(parts[0] + "." + parts[1] + ".")).isEmpty();
        assertThat(keys().verify(token)).isEmpty();
        var claims = keys.verify(token).orElseThrow();
        assertThatThrownBy(() -> claims.put("sub", "root")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void publicKeysArePublic() throws NoSuchAlgorithmException {
        var key = View.of(keys().publicKeys()).get("keys").at(0);
        assertThat(key.map())
                .containsKeys("n", "e", "kid")
                .containsEntry("alg", "RS256")
                .doesNotContainKeys("d", "p", "q");
    }
}
