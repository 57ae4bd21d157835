package io.navarch.ingress;

import io.navarch.client.Client;
import io.navarch.http.Tls;
import io.navarch.kinds.secret.SecretTypes;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates of the hosts that are served here. As many are kept as Ingresses name Secrets, whatever names
/// clients ask for.
final class IngressCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(IngressCertificates.class);

    /// @param version of the Secret that it was made of, `""` when there is none
    private record Loaded(String version, Optional<SslContext> context) {}

    private final Client client;
    private final Supplier<SslContext> fallback;
    private final Map<ObjectKey, Loaded> loaded = new ConcurrentHashMap<>();
    private final Function<String, List<RoutingTable.Certificate>> ofHost;

    /// @param ofHost the certificates for a host, those that come first first
    /// @param fallback for hosts that have none
    IngressCertificates(
            Client client, Function<String, List<RoutingTable.Certificate>> ofHost, Supplier<SslContext> fallback) {
        this.client = client;
        this.ofHost = ofHost;
        this.fallback = fallback;
    }

    /// Ingresses name Secrets anew, or no longer. One that could not be used is looked at again.
    void changed(Collection<ObjectKey> secrets, Predicate<ObjectKey> named) {
        for (var secret : secrets)
            loaded.computeIfPresent(
                    secret, (key, known) -> named.test(key) && known.context.isPresent() ? known : null);
    }

    /// As if all had changed.
    void changed(Predicate<ObjectKey> named) {
        changed(List.copyOf(loaded.keySet()), named);
    }

    SslContext forHost(String name) {
        for (var certificate : ofHost.apply(name)) {
            var context = loaded.computeIfAbsent(certificate.secret(), this::load).context;
            if (context.isPresent()) return context.get();
        }
        return fallback.get();
    }

    /// Secrets are not followed: this is how a renewed one is noticed.
    void refresh() {
        for (var key : loaded.keySet()) {
            loaded.computeIfPresent(key, (each, old) -> {
                var secret = client.find(Resources.SECRETS, each);
                return secret.metadata().resourceVersion().equals(old.version) ? old : made(each, secret);
            });
        }
    }

    private Loaded load(ObjectKey key) {
        try {
            return made(key, client.find(Resources.SECRETS, key));
        } catch (ApiException e) {
            LOG.warn("certificate {}: {}", key, e.getMessage());
            return new Loaded("", Optional.empty());
        }
    }

    private static Loaded made(ObjectKey key, Secret secret) {
        if (!secret.exists()) return new Loaded("", Optional.empty());
        var version = secret.metadata().resourceVersion();
        try {
            var context = Tls.server(text(secret, SecretTypes.TLS_CERTIFICATE), text(secret, SecretTypes.TLS_KEY));
            return new Loaded(version, Optional.of(context));
        } catch (IllegalArgumentException e) {
            LOG.warn("certificate {}: {}", key, e.getMessage());
            return new Loaded(version, Optional.empty());
        }
    }

    private static String text(Secret secret, String key) {
        return new String(secret.data().getOrDefault(key, new byte[0]), StandardCharsets.US_ASCII);
    }
}
