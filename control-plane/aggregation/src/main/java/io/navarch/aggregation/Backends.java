package io.navarch.aggregation;

import io.navarch.aggregation.status.EndpointChoice;
import io.navarch.aggregation.status.EndpointChoice.UnresolvedException;
import io.navarch.aggregation.status.Registration;
import io.navarch.aggregation.status.ServiceSlices;
import io.navarch.client.Caches;
import io.navarch.client.Informers;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// How the Services of registrations are reached: through which endpoint, and with which certificate.
final class Backends {
    private final Supplier<Tls.Identity> identity;
    private final RandomGenerator random;
    private volatile Optional<Caches> caches = Optional.empty();

    /// @param identity what other servers are shown, as it is at the time
    Backends(Supplier<Tls.Identity> identity, RandomGenerator random) {
        this.identity = identity;
        this.random = random;
    }

    /// The client's side of TLS towards one backend: made when it is needed, and made anew with a new certificate.
    final class Secured {
        private final Registration.Backend backend;
        private volatile Optional<Made> made = Optional.empty();

        private record Made(Tls.Identity identity, SslContext context) {}

        Secured(Registration.Backend backend) {
            this.backend = backend;
        }

        /// @throws IllegalArgumentException when the authorities are none
        private SslContext context() {
            var own = identity.get();
            var known = made;
            if (known.isPresent() && known.get().identity.equals(own)) return known.get().context;
            var context = context(own);
            made = Optional.of(new Made(own, context));
            return context;
        }

        private SslContext context(Tls.Identity own) {
            try {
                return Tls.client(backend.trust(), Optional.of(own));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "unable to load root certificates: unable to parse bytes as PEM block", e);
            }
        }

        /// Where a call is to go.
        HttpClient.Target target() throws UnresolvedException {
            var host = EndpointChoice.of(backend, service(backend), slices(backend), random);
            // An ExternalName may be any name, and stand for any address.
            return HttpClient.Target.secure(host.address(), host.port(), context(), backend.serverName())
                    .elsewhere();
        }
    }

    void follow(Informers informers) {
        informers.of(Resources.SERVICES);
        ServiceSlices.prepare(informers);
        caches = Optional.of(informers);
    }

    private Service service(Registration.Backend backend) {
        return caches.map(known -> known.of(Resources.SERVICES).get(backend.key()))
                .orElse(Service.ABSENT);
    }

    private List<EndpointSlice> slices(Registration.Backend backend) {
        return caches.map(known -> ServiceSlices.of(known, backend)).orElse(List.of());
    }
}
