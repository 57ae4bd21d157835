package io.navarch.client;

import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.model.ServiceReference;
import io.navarch.model.WebhookClientConfig;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Asks webhooks: services that objects of the API name, by a URL or as a service of the cluster. Each is asked once;
/// connections are kept, and redirects are not followed.
///
/// Source:
/// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#contacting-the-webhook
public final class Webhooks implements AutoCloseable {
    static final int DEFAULT_PORT = 443;

    /// A patch in base64 of an object as large as any, with room.
    private static final int LARGEST = 8 << 20;

    /// No webhook may be given more time.
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /// Whom many webhooks trust is read once for all of them, so that they share connections.
    private static final int MOST_TRUSTED = 200;

    /// Finds somebody who serves for a service of the cluster.
    public interface Services {
        /// @throws ReviewFailedException when there is nobody
        Address find(String namespace, String name, int port) throws ReviewFailedException;
    }

    /// Where somebody listens.
    public record Address(String host, int port) {}

    /// A webhook as its configuration describes it.
    ///
    /// @param name what its certificate says
    /// @param authority host and port, as errors show them
    /// @param service empty for one that is called by its URL
    public record Place(String name, int port, String authority, String path, Optional<Service> service, String trust) {
        Address address() {
            return new Address(name, port);
        }
    }

    public record Service(String namespace, String name) {}

    private final HttpClient http;
    private final Services services;
    private final Map<Peer, SslContext> trusted = new LinkedHashMap<>(16, 0.75f, true);

    public Webhooks(EventLoops loops, Services services) {
        http = new HttpClient(loops, LONGEST);
        this.services = services;
    }

    /// @throws IllegalArgumentException when it is described as nothing that can be called
    public static Place place(WebhookClientConfig config) {
        var trust = new String(config.caBundle(), StandardCharsets.UTF_8);
        if (config.hasService()) return ofService(config.service(), trust);
        if (!config.hasUrl())
            throw new IllegalArgumentException("webhook configuration must have either service or URL");
        var url = URI.create(config.url());
        if (url.getHost() == null) throw new IllegalArgumentException("Unparsable URL: " + config.url());
        int port = url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
        var host = url.getHost().replaceAll("[\\[\\]]", "");
        return new Place(host, port, url.getRawAuthority(), url.getRawPath(), Optional.empty(), trust);
    }

    private static Place ofService(ServiceReference service, String trust) {
        var name = service.name() + "." + service.namespace() + ".svc";
        int port = service.portOr(DEFAULT_PORT);
        var called = new Service(service.namespace(), service.name());
        return new Place(name, port, name + ":" + port, service.path(), Optional.of(called), trust);
    }

    /// Posts a review as nobody in particular.
    ///
    /// @param timeout from connecting to the end of the answer
    /// @throws ReviewFailedException when nobody answers in time
    public ReviewAnswer ask(Place place, Map<String, Object> review, Duration timeout) throws ReviewFailedException {
        return ask(place, WebhookCredentials.NONE, review, timeout);
    }

    /// Posts a review.
    ///
    /// @param timeout from connecting to the end of the answer
    /// @throws ReviewFailedException when nobody answers in time
    public ReviewAnswer ask(Place place, WebhookCredentials credentials, Map<String, Object> review, Duration timeout)
            throws ReviewFailedException {
        var path = (place.path.startsWith("/") ? "" : "/") + place.path + "?timeout=" + seconds(timeout) + "s";
        var url = "https://" + place.authority + path;
        var caller = credentials.of(place.name, place.port);
        var tls = tls(new Peer(place.trust, caller.identity()));
        long began = System.nanoTime();
        try {
            var at = place.service.isPresent() ? find(place, place.service.get(), url) : place.address();
            var target = HttpClient.Target.secure(at.host, at.port, tls, place.name);
            // Who may write Services need not be who says which one is called.
            if (place.service.isPresent()) target = target.elsewhere();
            return new ReviewCall(http, target, url, path, caller.token(), LARGEST).post(Json.write(review), timeout);
        } catch (ReviewCall.FailedException e) {
            throw failed(url, e.failure, () -> waited(began));
        }
    }

    private static long seconds(Duration timeout) {
        return Math.max(1, Math.ceilDiv(timeout.toMillis(), 1000));
    }

    private Address find(Place place, Service service, String url) throws ReviewFailedException {
        try {
            return services.find(service.namespace, service.name, place.port);
        } catch (ReviewFailedException e) {
            throw ReviewFailedException.useless(posted(url) + e.getMessage());
        }
    }

    private static ReviewFailedException failed(String url, ReviewCall.Failure failure, Supplier<String> waited) {
        return switch (failure) {
            case ReviewCall.Failure.Cut() ->
                new ReviewFailedException(
                        "unexpected error when reading response body. Please retry. Original error: context deadline"
                                + " exceeded" + waited.get(),
                        true,
                        false);
            case ReviewCall.Failure.Late() ->
                new ReviewFailedException(posted(url) + "context deadline exceeded" + waited.get(), true, false);
            case ReviewCall.Failure.Broken(var words, var reset) ->
                new ReviewFailedException(posted(url) + words, false, reset);
        };
    }

    private static String posted(String url) {
        return "Post " + GoText.quoted(url) + ": ";
    }

    /// The original leaves this out.
    private static String waited(long began) {
        long millis = Math.round((System.nanoTime() - began) / 1e8) * 100;
        return " (waited for " + (millis % 1000 == 0 ? millis / 1000 + "s" : millis / 1000.0 + "s") + ")";
    }

    /// @param bundle certificates in PEM; `""` for those whom the machine trusts
    /// @param identity what it is shown
    private record Peer(String bundle, Optional<Tls.Identity> identity) {}

    private SslContext tls(Peer peer) throws ReviewFailedException {
        synchronized (trusted) {
            var known = trusted.get(peer);
            if (known != null) return known;
        }
        SslContext made;
        try {
            made = Tls.client(
                    peer.bundle.isEmpty() ? new Tls.Trust.Machine() : new Tls.Trust.Authorities(peer.bundle),
                    peer.identity);
        } catch (IllegalArgumentException e) {
            throw ReviewFailedException.unusable(
                    "unable to load root certificates: unable to parse bytes as PEM block");
        }
        synchronized (trusted) {
            var other = trusted.putIfAbsent(peer, made);
            if (trusted.size() > MOST_TRUSTED)
                trusted.remove(trusted.keySet().iterator().next());
            return other == null ? made : other;
        }
    }

    /// Lets go of its connections.
    @Override
    public void close() {
        http.close();
    }
}
