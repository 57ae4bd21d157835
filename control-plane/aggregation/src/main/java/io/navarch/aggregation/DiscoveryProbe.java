package io.navarch.aggregation;

import io.navarch.aggregation.status.AvailabilityController.Seen;
import io.navarch.aggregation.status.EndpointChoice.UnresolvedException;
import io.navarch.aggregation.status.Registration;
import io.navarch.http.HttpClient;
import io.navarch.objects.Addresses;
import io.navarch.reconcile.ReadStep;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/// Asks the server behind an APIService for its discovery, which everyone must answer who serves a part of the API.
/// One answer out of several tries is enough: not every endpoint need be reachable.
record DiscoveryProbe(Backends backends, Relay relay) implements ReadStep<Seen> {
    private static final int TRIES = 5;
    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final int LARGEST = 8 << 20;

    @Override
    public Seen read(Seen seen, Instant now) throws InterruptedException {
        if (seen.known().isPresent()) return seen;
        var registration = seen.registration();
        var secured = backends.new Secured(registration.backend().orElseThrow());
        long end = System.nanoTime() + WITHIN.toNanos();
        var failure = Optional.<String>empty();
        for (int i = 0; i < TRIES && (i == 0 || System.nanoTime() < end); i++) {
            failure = once(registration, secured, end);
            if (failure.isEmpty() || Thread.currentThread().isInterrupted()) break;
        }
        return seen.with(failure);
    }

    private Optional<String> once(Registration registration, Backends.Secured secured, long end) {
        HttpClient.Target target;
        try {
            target = secured.target();
        } catch (UnresolvedException | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        var host = Addresses.six(target.host()) ? "[" + target.host() + "]" : target.host();
        var url = "https://" + host + ":" + target.port() + registration.path();
        var prefix = "failing or missing response from " + url + ": ";
        var within = Duration.ofNanos(Math.max(100_000_000, end - System.nanoTime()));
        try {
            var user = new User("system:kube-aggregator", "", List.of(User.MASTERS), Map.of());
            var answer = relay.ask(target, registration.path(), CallerHeaders.of(user), within, LARGEST);
            boolean good = answer.status() >= 200 && answer.status() < 300;
            return good ? Optional.empty() : Optional.of(prefix + "bad status from " + url + ": " + answer.status());
        } catch (IOException e) {
            return Optional.of(prefix + "Get \"" + url + "\": " + words(e));
        }
    }

    private static String words(IOException e) {
        return e.getCause() instanceof TimeoutException
                ? "net/http: request canceled (Client.Timeout exceeded while awaiting headers)"
                : GoErrors.words(e);
    }
}
