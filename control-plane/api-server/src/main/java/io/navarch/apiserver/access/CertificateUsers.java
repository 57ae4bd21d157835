package io.navarch.apiserver.access;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Whose certificates are believed.
///
/// @param clients as they are at the time of a call: their certificates name users
/// @param proxy those of a proxy that names users in headers
public record CertificateUsers(Supplier<ClientAuthorities> clients, Optional<Proxy> proxy) {
    public record Proxy(Supplier<ClientAuthorities> authorities, FrontProxy headers) {}

    boolean known(List<X509Certificate> shown, Instant now) {
        return clients.get().vouchFor(shown, now);
    }

    /// The proxy, if it has sent this call.
    ///
    /// @param commonName of its certificate
    Optional<FrontProxy> sentBy(List<X509Certificate> shown, String commonName, Instant now) {
        return proxy.filter(each -> each.authorities.get().vouchFor(shown, now))
                .map(Proxy::headers)
                .filter(headers -> headers.mayBe(commonName));
    }
}
