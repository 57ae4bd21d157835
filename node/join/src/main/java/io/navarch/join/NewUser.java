package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.FreshKey;
import io.navarch.kinds.certificatesigningrequest.RequestAnswer;
import io.navarch.kinds.certificatesigningrequest.Signers;
import io.navarch.model.Resources;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/// Somebody who is to be known by a certificate that the cluster signs.
public record NewUser(String name, List<String> groups, Duration life) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private static final int LONGEST_NAME = 64;

    /// @param certificate and key as PEM texts
    public record Pair(String certificate, String key) {}

    /// @throws IllegalArgumentException when nobody can be called that
    public NewUser {
        checked("user", name);
        for (var group : groups) checked("group", group);
        if (name.startsWith("system:"))
            throw new IllegalArgumentException("names that begin with system: are those of the cluster's own parts");
        if (groups.contains("system:masters"))
            throw new IllegalArgumentException(
                    "nobody gets a certificate for system:masters, which no role can take anything from; bind the"
                            + " ClusterRole cluster-admin to another group");
        if (life.compareTo(SHORTEST) < 0)
            throw new IllegalArgumentException("a certificate lives for ten minutes at least");
    }

    private static void checked(String what, String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException("the name of a " + what + " has from 1 to " + LONGEST_NAME
                    + " characters, and none that cannot be printed");
    }

    /// @param client of somebody who may approve requests
    /// @param order with the same client
    public Pair create(Client client, CertificateOrder order, SecureRandom random)
            throws IOException, InterruptedException {
        var key = FreshKey.of(random, name, groups, AlternativeNames.NONE);
        var placed = order.place("user-", key, Signers.CLIENT, FreshKey.CLIENT_USAGES, life);
        var approved = RequestAnswer.approved(
                placed,
                "UserCreated",
                "An administrator has made this user.",
                order.clock().instant());
        client.update(Resources.CERTIFICATE_SIGNING_REQUESTS, approved, "approval");
        return new Pair(order.await(placed, PATIENCE), key.key());
    }
}
