package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.kinds.secret.BootstrapToken;
import io.navarch.kinds.secret.FreshToken;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The tokens by which nodes join, as an administrator keeps them.
///
/// @param random not to be guessed
public record JoinTokens(Client client, InstantSource clock, RandomGenerator random) {
    /// @param life how long, zero for one that does not end
    public FreshToken create(Duration life, String description) {
        var token = FreshToken.of(random);
        var end = life.isZero()
                ? Optional.<Instant>empty()
                : Optional.of(clock.instant().plus(life));
        client.create(Resources.SECRETS, token.toSecret(end, description));
        return token;
    }

    public List<BootstrapToken> all() {
        return client
                .items(
                        Resources.SECRETS,
                        BootstrapToken.NAMESPACE,
                        "fieldSelector=type%3Dbootstrap.kubernetes.io%2Ftoken")
                .stream()
                .filter(BootstrapToken::is)
                .map(BootstrapToken::new)
                .sorted(Comparator.comparing(BootstrapToken::id))
                .toList();
    }

    /// @param text a token or its first part
    /// @return the first part
    public String delete(String text) {
        int dot = text.indexOf('.');
        var id = dot < 0 ? text : text.substring(0, dot);
        if (!id.matches("[a-z0-9]{6}"))
            throw new IllegalArgumentException("a bootstrap token, or its first six characters, not " + id);
        client.delete(
                Resources.SECRETS, new ObjectKey(BootstrapToken.NAMESPACE, BootstrapToken.NAME + id), "", null, "");
        return id;
    }
}
