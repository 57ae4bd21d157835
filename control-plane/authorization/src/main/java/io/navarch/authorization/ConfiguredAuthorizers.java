package io.navarch.authorization;

import io.navarch.apiserver.access.Authorizer;
import io.navarch.apiserver.access.AuthorizerChain;
import io.navarch.client.RemoteReview;
import io.navarch.expressions.Expressions;
import io.navarch.http.EventLoops;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationReader;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.process.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The authorizers that a file lists, which is read again when it changes, or those that options name. Whoever was
/// asked about a call when the file changed still answers it.
public final class ConfiguredAuthorizers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredAuthorizers.class);
    private static final long LOOKED_AT_MILLIS = 1000;

    /// Where it is said who is asked.
    ///
    /// @param file an `AuthorizationConfiguration`; without it the options count
    public record Sources(Optional<Path> file, AuthorizationFlags flags) {}

    /// What webhooks need of this process.
    ///
    /// @param server which of several this one is
    public record Surroundings(
            EventLoops loops,
            Timers timers,
            RandomGenerator random,
            InstantSource clock,
            Metrics metrics,
            String server) {}

    private record Used(List<Authorizer> chain, List<WebhookAuthorizer> webhooks) {
        void close() {
            webhooks.forEach(WebhookAuthorizer::close);
        }
    }

    private final Sources sources;
    private final Function<AuthorizerType, Authorizer> builtIn;
    private final Surroundings surroundings;
    private final AuthorizationMetrics metrics;
    private final AuthorizerChain chain;
    private final Set<AuthorizerType> types;
    private volatile Used used;
    private String text = "";
    private List<ConfiguredAuthorizer> configured;

    /// @param builtIn all but webhooks; asked once for each type that there is at the start
    /// @throws ConfigurationException when the configuration cannot be used
    public ConfiguredAuthorizers(
            Sources sources, Function<AuthorizerType, Authorizer> builtIn, Surroundings surroundings)
            throws IOException {
        this.sources = sources;
        this.surroundings = surroundings;
        metrics = new AuthorizationMetrics(surroundings.metrics, surroundings.clock, surroundings.server);
        configured = sources.file.isPresent() ? first(sources.file.get()) : sources.flags.configured();
        types = configured.stream()
                .map(ConfiguredAuthorizer::type)
                .filter(type -> type != AuthorizerType.WEBHOOK)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(AuthorizerType.class)));
        var made = types.stream().collect(Collectors.toMap(type -> type, builtIn));
        this.builtIn = type -> {
            var known = made.get(type);
            // They have no state that would have to be followed from the start.
            if (known == null && type != AuthorizerType.NODE && type != AuthorizerType.RBAC) return builtIn.apply(type);
            if (known != null) return known;
            throw new ConfigurationException("authorizer type " + type.text()
                    + " is not allowed if it was not enabled at initial server startup");
        };
        used = used(configured);
        chain = new AuthorizerChain(used.chain);
    }

    private List<ConfiguredAuthorizer> first(Path file) throws IOException {
        text = ConfigurationReader.text(file);
        try {
            return read(text, Set.of());
        } catch (ConfigurationException e) {
            throw new ConfigurationException(file + ": " + e.getMessage());
        }
    }

    private static List<ConfiguredAuthorizer> read(String text, Set<AuthorizerType> required) {
        return new AuthorizationConfiguration(new Expressions()).read(text, required);
    }

    private Used used(List<ConfiguredAuthorizer> wanted) throws IOException {
        var authorizers = new ArrayList<Authorizer>();
        var webhooks = new ArrayList<WebhookAuthorizer>();
        try {
            for (var each : wanted) {
                var webhook = each.webhook();
                if (webhook.isPresent()) webhooks.add(webhook(each.name(), webhook.get()));
                var authorizer = webhook.isPresent() ? webhooks.getLast() : builtIn.apply(each.type());
                authorizers.add(new CountedAuthorizer(each, authorizer, metrics));
            }
        } catch (IOException | RuntimeException e) {
            webhooks.forEach(WebhookAuthorizer::close);
            throw e;
        }
        return new Used(authorizers, webhooks);
    }

    private WebhookAuthorizer webhook(String name, WebhookConfiguration webhook) throws IOException {
        var remote = new RemoteReview(
                webhook.kubeconfig(), webhook.timeout(), surroundings.loops, surroundings.timers, surroundings.random);
        return new WebhookAuthorizer(name, webhook, remote, metrics, surroundings.clock);
    }

    /// Everybody who is asked, whatever the file says meanwhile.
    public AuthorizerChain chain() {
        return chain;
    }

    public void start(TaskScope scope) {
        if (sources.file.isEmpty()) return;
        metrics.file(text);
        scope.every("authorization-configuration", LOOKED_AT_MILLIS, () -> reload(sources.file.get()));
    }

    private void reload(Path file) {
        String next;
        try {
            next = ConfigurationReader.text(file);
        } catch (IOException e) {
            // Only told once, as any other text that cannot be used.
            if (!text.isEmpty()) failed(file, "it cannot be read: " + e.getMessage());
            text = "";
            return;
        }
        if (next.equals(text)) return;
        text = next;
        try {
            var wanted = read(next, types);
            var before = used;
            var after = used(wanted);
            used = after;
            configured = wanted;
            chain.use(after.chain);
            before.close();
            metrics.reloaded(true);
            metrics.file(next);
            LOG.info("{} is used from now on", file);
        } catch (ConfigurationException | IOException e) {
            failed(file, String.valueOf(e.getMessage()));
        }
    }

    private void failed(Path file, String why) {
        metrics.reloaded(false);
        LOG.error("{} stays as it was: {}", file, why);
    }

    @Override
    public void close() {
        used.close();
    }
}
