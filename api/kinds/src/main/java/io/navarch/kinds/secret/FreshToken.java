package io.navarch.kinds.secret;

import io.navarch.model.Secret;
import io.navarch.objects.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A bootstrap token as whoever makes it or shows it has it: `ID.SECRET`.
public record FreshToken(String id, String secret) {
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

    public FreshToken {
        if (!id.matches("[a-z0-9]{6}") || !secret.matches("[a-z0-9]{16}"))
            throw new IllegalArgumentException("a bootstrap token is such as abcdef.0123456789abcdef");
    }

    /// @param random not to be guessed
    public static FreshToken of(RandomGenerator random) {
        return new FreshToken(text(random, 6), text(random, 16));
    }

    /// @throws IllegalArgumentException when it is none
    public static FreshToken parse(String text) {
        int dot = text.indexOf('.');
        return dot < 0 ? new FreshToken("", "") : new FreshToken(text.substring(0, dot), text.substring(dot + 1));
    }

    private static String text(RandomGenerator random, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        return text.toString();
    }

    /// The Secret by which a cluster knows the token: it lets nodes join and signs what they need to know.
    ///
    /// @param end when it ends, empty for one that does not
    /// @param description `""` for none
    public Secret toSecret(Optional<Instant> end, String description) {
        var made = Secret.builder()
                .metadata(metadata -> metadata.name(BootstrapToken.NAME + id).namespace(BootstrapToken.NAMESPACE))
                .type(BootstrapToken.TYPE)
                .putData("token-id", bytes(id))
                .putData("token-secret", bytes(secret))
                .putData("usage-bootstrap-authentication", bytes("true"))
                .putData("usage-bootstrap-signing", bytes("true"))
                .putData("auth-extra-groups", bytes("system:bootstrappers:kubeadm:default-node-token"));
        end.ifPresent(at -> made.putData("expiration", bytes(Timestamps.seconds(at))));
        if (!description.isEmpty()) made.putData("description", bytes(description));
        return made.build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return id + "." + secret;
    }
}
