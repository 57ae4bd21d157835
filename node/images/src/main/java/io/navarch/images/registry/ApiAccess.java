package io.navarch.images.registry;

import io.navarch.client.Client;
import io.navarch.http.Exchange;
import io.navarch.model.Resources;
import io.navarch.model.SubjectAccessReview;
import io.navarch.model.TokenReview;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/// Asks the API server. A token of the cluster is shown as it is (`Bearer`) or as the password of whatever user, which
/// is how tools log in; a client certificate of the cluster will do, too.
///
/// A repository is `repositories.registry.navarch.io`, in the namespace of its first part, named by the rest.
public record ApiAccess(Client client, InstantSource clock) implements RegistryAccess {
    public static final String GROUP = "registry.navarch.io";
    public static final String REPOSITORIES = "repositories";
    public static final String IMAGES = "images";

    private static final int LONGEST_TOKEN = 32 << 10;

    @Override
    public Optional<Caller> caller(Exchange exchange) {
        var token = token(exchange.header("authorization"));
        if (token.isPresent()) return authenticate(token.get());
        return exchange.clientCertificate().filter(this::holds).flatMap(ApiAccess::subject);
    }

    private static Optional<String> token(String header) {
        var parts = header.strip().split("\\s+", 2);
        if (parts.length < 2 || header.length() > LONGEST_TOKEN) return Optional.empty();
        if (parts[0].equalsIgnoreCase("Bearer")) return Optional.of(parts[1]);
        if (!parts[0].equalsIgnoreCase("Basic")) return Optional.empty();
        try {
            var both = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            return Optional.of(both.substring(both.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Caller> authenticate(String token) {
        if (token.isEmpty()) return Optional.empty();
        var review = client.create(
                Resources.TOKEN_REVIEWS,
                TokenReview.builder().spec(spec -> spec.token(token)).build());
        if (!review.status().authenticated()) return Optional.empty();
        var user = review.status().user();
        return Optional.of(new Caller(user.username(), user.uid(), List.copyOf(user.groups()), user.extra()));
    }

    /// It was good when the connection was made, which may be long ago.
    private boolean holds(X509Certificate certificate) {
        var now = clock.instant();
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /// The common name is the user, organisations are the groups.
    private static Optional<Caller> subject(X509Certificate certificate) {
        var users = values(certificate.getSubjectX500Principal(), "CN");
        if (users.isEmpty() || users.getLast().isEmpty()) return Optional.empty();
        var groups = new ArrayList<>(values(certificate.getSubjectX500Principal(), "O"));
        groups.add("system:authenticated");
        return Optional.of(new Caller(users.getLast(), "", List.copyOf(groups), Map.of()));
    }

    private static List<String> values(X500Principal subject, String attribute) {
        var found = new ArrayList<String>();
        try {
            for (var part : new LdapName(subject.getName(X500Principal.RFC2253)).getRdns()) {
                var values = part.toAttributes().get(attribute);
                for (int i = 0; values != null && i < values.size(); i++)
                    if (values.get(i) instanceof String text) found.add(text);
            }
        } catch (NamingException e) {
            return List.of();
        }
        return found;
    }

    @Override
    public boolean allowed(Caller caller, Action action, String repository) {
        int slash = repository.indexOf('/');
        var namespace = repository.substring(0, Math.max(0, slash));
        return reviewed(caller, action.verb(), REPOSITORIES, namespace, repository.substring(slash + 1));
    }

    @Override
    public boolean everyImage(Caller caller) {
        return reviewed(caller, "get", IMAGES, "", "");
    }

    private boolean reviewed(Caller caller, String verb, String resource, String namespace, String name) {
        var review = SubjectAccessReview.builder()
                .spec(spec -> spec.user(caller.user())
                        .uid(caller.uid())
                        .groups(caller.groups())
                        .extra(caller.extra())
                        .resourceAttributes(asked -> asked.verb(verb)
                                .group(GROUP)
                                .version("v1")
                                .resource(resource)
                                .namespace(namespace)
                                .name(name)))
                .build();
        return client.create(Resources.SUBJECT_ACCESS_REVIEWS, review).status().allowed();
    }
}
