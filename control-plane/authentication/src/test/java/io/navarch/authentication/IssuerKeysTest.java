package io.navarch.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {
    private static final String ISSUER = "https://issuer";

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private List<JWK> shown = List.of();
    private boolean away;
    private int asked;
    private final IssuerKeys keys = new IssuerKeys(
            ISSUER,
            ISSUER + "/.well-known/openid-configuration",
            new IssuerKeys.Documents() {
                @Override
                public String text(String uri) throws IOException {
                    asked++;
                    if (away) throw new IOException("nobody there");
                    return uri.endsWith("/keys")
                            ? new JWKSet(shown).toString()
                            : "{\"issuer\":\"" + ISSUER + "\",\"jwks_uri\":\"" + ISSUER + "/keys\"}";
                }

                @Override
                public void close() {}
            },
            () -> now);

    private static JWK key(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate().toPublicJWK();
    }

    private void later(Duration duration) {
        now = now.plus(duration);
        // As the chain of authenticators does all the time.
        if (keys.outdated()) keys.refresh();
    }

    private boolean known(String id) {
        return !keys.named(Optional.of(id)).isEmpty();
    }

    @Test
    void aKeyThatIsNotKnownIsAskedForAndNotTooOften() throws JOSEException {
        shown = List.of(key("a"));
        assertThat(known("a")).isTrue();
        int once = asked;
        shown = List.of(key("b"));
        for (int i = 0; i < 100; i++) assertThat(known("made-up-" + i)).isFalse();
        assertThat(asked).isEqualTo(once);
        now = now.plusSeconds(11);
        assertThat(known("b")).isTrue();
        assertThat(known("a")).isFalse();
    }

    @Test
    void aKeyEndsWhenItsIssuerDoesNotShowItAnyMore() throws JOSEException {
        shown = List.of(key("a"));
        assertThat(known("a")).isTrue();
        shown = List.of();
        later(Duration.ofMinutes(4));
        assertThat(known("a")).isTrue();
        later(Duration.ofMinutes(2));
        assertThat(known("a")).isFalse();
    }

    @Test
    void anIssuerThatIsAwayTakesNoKeyWithIt() throws JOSEException {
        shown = List.of(key("a"));
        assertThat(known("a")).isTrue();
        away = true;
        later(Duration.ofHours(1));
        assertThat(keys.problem()).isEqualTo("nobody there");
        assertThat(known("a")).isTrue();
        away = false;
        shown = List.of();
        later(Duration.ofSeconds(11));
        assertThat(keys.problem()).isEmpty();
        assertThat(known("a")).isFalse();
    }
}
