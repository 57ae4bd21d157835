package io.navarch.agent.api;

import javax.naming.InvalidNameException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/// Who a client is by its certificate.
record ClientIdentity(X500Principal subject) {
    private static final String ORGANIZATION = "O";
    private static final String MASTERS = "system:masters";

    /// Whether the cluster's authority has made the client a master, as the API server and administrators are. A
    /// client's
    /// groups are the organisations in its subject.
    boolean isMaster() {
        try {
            var name = new LdapName(subject.getName(X500Principal.RFC2253));
            for (var part : name.getRdns()) {
                Attribute organization = part.toAttributes().get(ORGANIZATION);
                if (organization != null && organization.contains(MASTERS)) return true;
            }
            return false;
        } catch (InvalidNameException e) {
            return false;
        }
    }
}
