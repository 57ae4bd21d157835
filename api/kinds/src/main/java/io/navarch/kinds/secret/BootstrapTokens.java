package io.navarch.kinds.secret;

import io.navarch.model.Resources;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Recognises the tokens that new nodes come with.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/
public final class BootstrapTokens {
    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern GROUP = Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
    private static final String BOOTSTRAPPERS = "system:bootstrappers";

    private final Admission.Lookup objects;
    private final InstantSource clock;

    public BootstrapTokens(Admission.Lookup objects, InstantSource clock) {
        this.objects = objects;
        this.clock = clock;
    }

    /// The user of a token; empty when it is none of these, or not valid.
    public Optional<User> recognise(String text) {
        var parts = TOKEN.matcher(text);
        if (!parts.matches()) return Optional.empty();
        var secret = objects.get(Resources.SECRETS, BootstrapToken.NAMESPACE, BootstrapToken.NAME + parts.group(1));
        if (!secret.exists() || !BootstrapToken.is(secret) || secret.view().deleting()) return Optional.empty();
        var token = new BootstrapToken(secret);
        boolean same = MessageDigest.isEqual(bytes(token.value()), bytes(parts.group(2)));
        if (!same || !token.id().equals(parts.group(1)) || !token.authenticates(clock.instant()))
            return Optional.empty();
        return groups(token).map(groups -> User.of("system:bootstrap:" + token.id(), groups.toArray(String[]::new)));
    }

    /// Empty when one is none that such a token may give.
    private static Optional<List<String>> groups(BootstrapToken token) {
        var groups = new ArrayList<>(List.of(BOOTSTRAPPERS));
        for (var group : token.groups().split(",")) {
            if (group.isEmpty()) continue;
            if (!GROUP.matcher(group).matches()) return Optional.empty();
            if (!groups.contains(group)) groups.add(group);
        }
        return Optional.of(groups);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
