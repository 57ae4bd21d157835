package io.navarch.apiserver.access;

import io.navarch.objects.Names;
import io.navarch.schema.admission.User;
import java.util.List;
import java.util.Optional;

/// What kind of user a name tells of: nodes and service accounts have names of a fixed form.
final class UserNames {
    static final String ACCOUNTS = "system:serviceaccounts";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String NODE = "system:node:";

    private UserNames() {}

    /// A service account.
    record Account(String namespace, String name) {
        /// The groups that every account of the namespace is in.
        List<String> groups() {
            return List.of(ACCOUNTS, ACCOUNTS + ":" + namespace);
        }
    }

    static Optional<Account> account(String user) {
        if (!user.startsWith(ACCOUNT)) return Optional.empty();
        var parts = user.substring(ACCOUNT.length()).split(":", -1);
        boolean named = parts.length == 2
                && Names.dnsLabel(parts[0]).isEmpty()
                && Names.dnsSubdomain(parts[1]).isEmpty();
        return named ? Optional.of(new Account(parts[0], parts[1])) : Optional.empty();
    }

    /// The node that a name tells of.
    static Optional<String> node(String user) {
        if (!user.startsWith(NODE)) return Optional.empty();
        var name = user.substring(NODE.length());
        return Names.dnsSubdomain(name).isEmpty() ? Optional.of(name) : Optional.empty();
    }

    /// The node that a user is: the name alone makes nobody a node, and neither does the group.
    static Optional<String> identity(User user) {
        return user.name().startsWith(NODE) && user.in(User.NODES)
                ? Optional.of(user.name().substring(NODE.length()))
                : Optional.empty();
    }
}
