package io.navarch.apiserver.access;

import io.navarch.apiserver.request.Call;
import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Sha256;
import io.navarch.schema.admission.User;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;

/// Finds out who calls: by client certificate, by bearer token, or nobody.
public final class Authenticator {
    private static final String CREDENTIAL = "authentication.kubernetes.io/credential-id";
    private static final String BEARER = "Bearer";

    private final BearerTokens tokens;
    /// A connection shows one certificate with all its calls. Entries go with the connections that hold their keys.
    private final Map<X509Certificate, User> subjects = Collections.synchronizedMap(new WeakHashMap<>());
    /// By digest, so that the time of a look-up says nothing about the tokens there are.
    private final Map<String, User> fixed;
    private final CertificateUsers certificates;
    private final InstantSource clock;
    private final Predicate<String> anonymous;

    /// @param certificates whose certificates are believed
    /// @param fixed tokens that never change, and whom they stand for
    /// @param anonymous the paths on which somebody without credentials is somebody
    public Authenticator(
            BearerTokens tokens,
            CertificateUsers certificates,
            Map<String, User> fixed,
            InstantSource clock,
            Predicate<String> anonymous) {
        this.certificates = certificates;
        this.anonymous = anonymous;
        this.tokens = tokens;
        this.clock = clock;
        this.fixed = fixed.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(entry -> Sha256.hex(entry.getKey()), Map.Entry::getValue));
    }

    /// Whoever calls; empty for somebody without credentials where he is nobody.
    ///
    /// @throws ApiException 401 for credentials that are not valid
    public Optional<User> authenticate(Call call) {
        var trusted = call.trusted();
        if (trusted.isPresent()) return trusted;
        // A name comes before a token; and a connection may outlive the certificate that it began with.
        var shown = call.clientCertificates();
        if (!shown.isEmpty()) {
            var proxied = proxied(call, shown);
            if (proxied.isPresent()) return proxied;
        }
        boolean known = !shown.isEmpty() && certificates.known(shown, clock.instant());
        if (known) {
            var user = subjects.computeIfAbsent(shown.getFirst(), Authenticator::subject);
            if (!user.name().isEmpty()) return Optional.of(user);
        }
        var token = token(call.header(HeaderNames.AUTHORIZATION));
        if (!token.isEmpty()) return Optional.of(verify(token, List.of()).orElseThrow(Authenticator::unauthorized));
        if (!shown.isEmpty() && !known) throw unauthorized();
        return anonymous.test(call.path()) ? Optional.of(User.ANONYMOUS) : Optional.empty();
    }

    /// The bearer token of a header; whoever says something else has said nothing.
    private static String token(String header) {
        var parts = header.strip().split(" ", 3);
        return parts.length > 1 && parts[0].equalsIgnoreCase(BEARER) ? parts[1] : "";
    }

    /// Whom a proxy names that has found out itself who calls.
    private Optional<User> proxied(Call call, List<X509Certificate> shown) {
        if (certificates.proxy().isEmpty()) return Optional.empty();
        var name = subjects.computeIfAbsent(shown.getFirst(), Authenticator::subject)
                .name();
        return certificates.sentBy(shown, name, clock.instant()).flatMap(proxy -> proxy.user(call));
    }

    /// Who calls is not known.
    public static ApiException unauthorized() {
        return new ApiException(ApiException.Reason.UNAUTHORIZED, "Unauthorized");
    }

    /// The common name is the user, organizations are the groups.
    private static User subject(X509Certificate certificate) {
        var name = "";
        var groups = new ArrayList<String>();
        try {
            for (var rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                // Several organizations may come as one multi-valued name.
                var attributes = rdn.toAttributes();
                var names = attributes.get("CN");
                if (names != null) name = text(names.get(names.size() - 1));
                var organizations = attributes.get("O");
                for (int i = 0; organizations != null && i < organizations.size(); i++)
                    groups.add(text(organizations.get(i)));
            }
        } catch (NamingException e) {
            throw unauthorized();
        }
        var user = User.of(name, groups.toArray(String[]::new));
        return new User(user.name(), user.uid(), user.groups(), Map.of(CREDENTIAL, List.of(fingerprint(certificate))));
    }

    /// What is no text comes as bytes, and is nobody's name.
    private static String text(Object value) {
        if (value instanceof String text) return text;
        throw unauthorized();
    }

    /// Which of a user's credentials was shown.
    private static String fingerprint(X509Certificate certificate) {
        try {
            return "X509SHA256=" + Sha256.hex(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
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
        var meant = fixed.containsKey(Sha256.hex(token)) ? Optional.of(tokens.own()) : Optional.<List<String>>empty();
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
        var known = fixed.get(Sha256.hex(token));
        return known != null ? Optional.of(known) : tokens.verify(token, audiences);
    }
}
