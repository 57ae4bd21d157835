package io.navarch.authentication;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The public keys of an issuer, found by its discovery document and fetched again when a token names one that is not
/// known.
///
/// Source: https://openid.net/specs/openid-connect-discovery-1_0.html
final class IssuerKeys implements AutoCloseable {
    private static final int MOST_KEYS = 100;

    /// Tokens with made-up key names must not make this server ask all the time.
    private static final Duration BETWEEN = Duration.ofSeconds(10);

    /// A key that the issuer does not show any more counts for so long at most, if the issuer can be asked.
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final String issuer;
    private final String discovery;
    private final InstantSource clock;
    private final Documents documents;
    private volatile List<JWK> keys = List.of();
    private Instant asked = Instant.MIN;
    private volatile String problem = "not asked yet";
    private volatile Instant told = Instant.MIN;

    /// What issuers publish.
    interface Documents {
        String text(String uri) throws IOException, InterruptedException;

        void close();
    }

    /// @param discovery where the discovery document is
    IssuerKeys(String issuer, String discovery, Documents documents, InstantSource clock) {
        this.issuer = issuer;
        this.discovery = discovery;
        this.documents = documents;
        this.clock = clock;
    }

    /// The keys by this name, or all if a token names none. Asks the issuer when there are none.
    List<JWK> named(Optional<String> id) {
        var found = search(id);
        return found.isEmpty() && refresh() ? search(id) : found;
    }

    private List<JWK> search(Optional<String> id) {
        return keys.stream()
                .filter(key -> id.isEmpty() || id.get().equals(key.getKeyID()))
                .toList();
    }

    /// What keeps the issuer from being asked, or `""`.
    String problem() {
        return problem;
    }

    /// Whether the issuer should be asked, though no token needs it now.
    boolean outdated() {
        return !problem.isEmpty() || told.isBefore(clock.instant().minus(KEPT));
    }

    /// Whether the issuer was asked and has answered.
    synchronized boolean refresh() {
        var now = clock.instant();
        if (asked.isAfter(now.minus(BETWEEN))) return false;
        asked = now;
        try {
            var document = View.of(Json.parse(documents.text(discovery)));
            var named = document.get("issuer").string();
            if (!named.equals(issuer))
                throw new IOException("oidc: issuer did not match the issuer returned by provider, expected \"" + issuer
                        + "\" got \"" + named + "\"");
            var place = document.get("jwks_uri").string();
            if (!place.startsWith("https://")) throw new IOException("the provider tells no HTTPS address of its keys");
            var set = JWKSet.parse(documents.text(place));
            keys = set.getKeys().stream().limit(MOST_KEYS).toList();
            told = now;
            problem = "";
            return true;
        } catch (IOException | ParseException | Json.MalformedException | IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        documents.close();
    }
}
