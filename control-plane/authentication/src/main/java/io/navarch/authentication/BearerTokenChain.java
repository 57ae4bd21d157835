package io.navarch.authentication;

import io.navarch.expressions.Expressions;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationReader;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everybody who may recognise a token, one after the other; the configuration's file is read again when it changes.
public final class BearerTokenChain implements TokenAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(BearerTokenChain.class);
    private static final long LOOKED_AT_MILLIS = 1000;

    private static final Metric RELOADS = Metric.counter(
            "apiserver_authentication_config_controller_automatic_reloads_total",
            "[BETA] Total number of automatic reloads of authentication configuration split by status.",
            "status");

    /// What tokens are recognised by.
    ///
    /// @param configuration an `AuthenticationConfiguration`
    /// @param issuer this server's own, which nobody else may be
    public record Sources(Optional<Path> configuration, List<TokenAuthenticator> others, String issuer) {}

    private record Configured(String text, List<JwtAuthenticator> issuers, Optional<AnonymousRule> anonymous) {
        void close() {
            issuers.forEach(JwtAuthenticator::close);
        }
    }

    private final Sources sources;
    private final InstantSource clock;
    private final Metrics metrics;
    private volatile Configured configured = new Configured("", List.of(), Optional.empty());

    /// @throws ConfigurationException when the file is not right
    public BearerTokenChain(Sources sources, InstantSource clock, Metrics metrics) throws IOException {
        this.sources = sources;
        this.clock = clock;
        this.metrics = metrics;
        if (sources.configuration.isEmpty()) return;
        var file = sources.configuration.get();
        try {
            configured = read(ConfigurationReader.text(file));
        } catch (ConfigurationException e) {
            throw new ConfigurationException(file + ": " + e.getMessage());
        }
    }

    private Configured read(String text) {
        // Compilers take a while to make, and most servers have no such file.
        var read = new AuthenticationConfiguration(new Expressions(), clock, List.of(sources.issuer)).read(text);
        return new Configured(text, read.issuers(), read.anonymous());
    }

    public AnonymousRule anonymous() {
        return configured.anonymous.orElse(AnonymousRule.EVERYWHERE);
    }

    /// What keeps issuers from being used, one line for each.
    public List<String> problems() {
        var problems = new ArrayList<String>();
        for (var issuer : configured.issuers)
            if (!issuer.problem().isEmpty())
                problems.add("oidc: authenticator for issuer \"" + issuer.issuer() + "\" is not healthy: "
                        + issuer.problem());
        return problems;
    }

    @Override
    public Optional<User> recognise(String token, List<String> audiences) {
        for (var other : sources.others) {
            var found = other.recognise(token, audiences);
            if (found.isPresent()) return found;
        }
        for (var issuer : configured.issuers) {
            var found = issuer.recognise(token, audiences);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        sources.others.forEach(TokenAuthenticator::close);
        configured.close();
    }

    public void start(TaskScope scope) {
        if (sources.configuration.isEmpty()) return;
        var file = sources.configuration.get();
        metrics.declare(RELOADS);
        scope.start("authentication-configuration", () -> {
            var refused = "";
            while (true) {
                // Issuers that could not be asked yet are asked again, and those that were asked long ago.
                for (var issuer : configured.issuers) if (issuer.outdated()) issuer.refresh();
                TaskScope.pause(LOOKED_AT_MILLIS);
                refused = reload(file, refused);
            }
        });
    }

    /// @param refused the text that was found wrong last
    private String reload(Path file, String refused) {
        String text;
        try {
            text = ConfigurationReader.text(file);
        } catch (IOException e) {
            text = "";
        }
        if (text.isEmpty() || text.equals(configured.text) || text.equals(refused)) return refused;
        try {
            var before = configured;
            configured = read(text);
            before.close();
            metrics.record(RELOADS.once("success"));
            LOG.info("{} is used from now on", file);
            return "";
        } catch (ConfigurationException e) {
            metrics.record(RELOADS.once("failure"));
            LOG.error("{} stays as it was: {}", file, e.getMessage());
            return text;
        }
    }
}
