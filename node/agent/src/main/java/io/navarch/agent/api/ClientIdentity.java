package io.navarch.agent.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/// Who a client is by its certificate: the user is the common name, the groups are the organisations.
record ClientIdentity(X500Principal subject) {
    private static final String COMMON_NAME = "CN";
    private static final String ORGANIZATION = "O";

    /// Empty when the certificate names nobody.
    Optional<Caller> caller() {
        var names = values(COMMON_NAME);
        if (names.isEmpty() || names.getLast().isEmpty()) return Optional.empty();
        var groups = new ArrayList<>(values(ORGANIZATION));
        groups.add(Caller.AUTHENTICATED);
        return Optional.of(new Caller(names.getLast(), "", List.copyOf(groups), Map.of()));
    }

    /// The values of an attribute, as they are: text that only looks like one within another is not taken for it.
    private List<String> values(String attribute) {
        var result = new ArrayList<String>();
        try {
            for (var part : new LdapName(subject.getName(X500Principal.RFC2253)).getRdns()) {
                var found = part.toAttributes().get(attribute);
                if (found == null) continue;
                for (int i = 0; i < found.size(); i++) {
                    if (found.get(i) instanceof String text) result.add(text);
                }
            }
        } catch (NamingException e) {
            return List.of();
        }
        return result;
    }
}
