package io.navarch.apiserver.access;

import io.navarch.apiserver.request.Call;
import io.navarch.apiserver.request.User;
import io.navarch.objects.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.naming.ldap.LdapName;

/// Finds out who calls: client certificate, bearer token, or nobody.
public final class Authenticator {
    private final ServiceAccountTokens serviceAccounts;
    private final Map<String, User> tokens;

    /// @param tokens fixed tokens and whom they stand for
    public Authenticator(ServiceAccountTokens serviceAccounts, Map<String, User> tokens) {
        this.serviceAccounts = serviceAccounts;
        this.tokens = tokens;
    }

    /// @throws ApiException 401 for credentials that are not valid
    public User authenticate(Call call) {
        if (call.trusted() != null) return call.trusted();
        var header = call.header("Authorization");
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            var user = token(header.substring(7).strip());
            if (user == null) throw new ApiException(ApiException.Reason.UNAUTHORIZED, "Unauthorized");
            return user;
        }
        var certificate = call.clientCertificate();
        if (certificate == null) {
            if (!header.isEmpty()) throw new ApiException(ApiException.Reason.UNAUTHORIZED, "Unauthorized");
            return User.ANONYMOUS;
        }
        var name = "";
        var groups = new ArrayList<String>();
        try {
            for (var rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) name = rdn.getValue().toString();
                if (rdn.getType().equalsIgnoreCase("O"))
                    groups.add(rdn.getValue().toString());
                // An organisation given several times comes as one multi-valued name.
                var values = rdn.toAttributes().get("O");
                if (values != null && !rdn.getType().equalsIgnoreCase("O"))
                    groups.add(values.get().toString());
            }
        } catch (javax.naming.NamingException e) {
            throw new ApiException(ApiException.Reason.UNAUTHORIZED, "Unauthorized");
        }
        return User.of(name, groups.toArray(String[]::new));
    }

    /// The user of a bearer token, or `null` when it is not valid.
    public User token(String token) {
        var fixed = tokens.get(token);
        return fixed != null ? fixed : serviceAccounts.verify(token, List.of());
    }

    /// The user of a token that must be meant for one of these audiences (empty: for this server).
    public User token(String token, List<String> audiences) {
        var fixed = tokens.get(token);
        return fixed != null ? fixed : serviceAccounts.verify(token, audiences);
    }
}
