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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    private volatile List<RoutingTable.Certificate> known = List.of();

    /// @param fallback for hosts that have none
    IngressCertificates(Client client, Supplier<SslContext> fallback) {
        this.client = client;
        this.fallback = fallback;
    }

    void use(List<RoutingTable.Certificate> certificates) {
        known = certificates;
        var secrets =
                certificates.stream().map(RoutingTable.Certificate::secret).collect(Collectors.toSet());
        loaded.entrySet()
                .removeIf(entry -> !secrets.contains(entry.getKey())
                        || entry.getValue().context.isEmpty());
    }

    SslContext forHost(String name) {
        for (var certificate : known) {
            if (!certificate.covers(name)) continue;
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
