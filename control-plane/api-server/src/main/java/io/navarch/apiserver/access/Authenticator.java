package io.navarch.apiserver.access;

import io.navarch.apiserver.request.Call;
import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.schema.admission.User;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;

/// Finds out who calls: by client certificate, by bearer token, or nobody.
public final class Authenticator {
    private static final String CREDENTIAL = "authentication.kubernetes.io/credential-id";
    private static final String BEARER = "Bearer ";

    private final BearerTokens tokens;
    /// A connection shows one certificate with all its calls. Entries go with the connections that hold their keys.
    private final Map<X509Certificate, User> subjects = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<String, User> fixed;

    /// @param fixed tokens that never change, and whom they stand for
    public Authenticator(BearerTokens tokens, Map<String, User> fixed) {
        this.tokens = tokens;
        this.fixed = fixed;
    }

    /// @throws ApiException 401 for credentials that are not valid
    public User authenticate(Call call) {
        var trusted = call.trusted();
        if (trusted.isPresent()) return trusted.get();
        var header = call.header(HeaderNames.AUTHORIZATION);
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            var token = header.substring(BEARER.length()).strip();
            return verify(token, List.of()).orElseThrow(Authenticator::unauthorized);
        }
        var certificate = call.clientCertificate();
        if (certificate.isPresent()) return subjects.computeIfAbsent(certificate.get(), Authenticator::subject);
        if (!header.isEmpty()) throw unauthorized();
        return User.ANONYMOUS;
    }

    private static ApiException unauthorized() {
        return new ApiException(ApiException.Reason.UNAUTHORIZED, "Unauthorized");
    }

    /// The common name is the user, organizations are the groups.
    private static User subject(X509Certificate certificate) {
        var name = "";
        var groups = new ArrayList<String>();
        try {
            for (var rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) name = rdn.getValue().toString();
                if (rdn.getType().equalsIgnoreCase("O")) {
                    groups.add(rdn.getValue().toString());
                    continue;
                }
                // Several organizations may come as one multi-valued name.
                var values = rdn.toAttributes().get("O");
                if (values != null) groups.add(values.get().toString());
            }
        } catch (NamingException e) {
            throw unauthorized();
        }
        var user = User.of(name, groups.toArray(String[]::new));
        return new User(user.name(), user.uid(), user.groups(), Map.of(CREDENTIAL, List.of(fingerprint(certificate))));
    }

    /// Which of a user's credentials was shown.
    private static String fingerprint(X509Certificate certificate) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return "X509SHA256=" + HexFormat.of().formatHex(digest);
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A token that is valid, for a review.
    ///
    /// @param audiences those that were asked for and that it is meant for
    record Holder(User user, List<String> audiences) {}

    /// As [#verify], with those of the audiences that the token is meant for. Tokens that are for no audience in
    /// particular are meant for this server.
    Optional<Holder> review(String token, List<String> audiences) {
        var wanted = audiences.isEmpty() ? tokens.own() : audiences;
        var meant = fixed.containsKey(token) ? Optional.of(tokens.own()) : Optional.<List<String>>empty();
        return verify(token, audiences)
                .map(user -> new Holder(
                        user,
                        wanted.stream()
                                .filter(meant.orElseGet(() -> tokens.audiences(token))::contains)
                                .toList()))
                .filter(holder -> !holder.audiences().isEmpty());
    }

    /// What to say about a token that is not valid for these audiences.
    String refusal(String token, List<String> audiences) {
        var meant = tokens.audiences(token);
        boolean others = !audiences.isEmpty() && tokens.verify(token, meant).isPresent();
        return others
                ? "[invalid bearer token, token audiences " + quoted(meant) + " is invalid for the target audiences "
                        + quoted(audiences) + "]"
                : "invalid bearer token";
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(GoText::quoted).collect(Collectors.joining(" ", "[", "]"));
    }

    /// The user of a bearer token; empty when it is not valid.
    ///
    /// @param audiences whom the token must be meant for, one of these; none means this server
    Optional<User> verify(String token, List<String> audiences) {
        var known = fixed.get(token);
        return known != null ? Optional.of(known) : tokens.verify(token, audiences);
    }
}
