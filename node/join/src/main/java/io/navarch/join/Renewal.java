package io.navarch.join;

import io.navarch.objects.ApiException;
import io.navarch.process.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// When one certificate of a node is replaced.
final class Renewal {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10));

    /// Gets a new one.
    interface Source {
        NodeCertificate fresh() throws IOException, InterruptedException;
    }

    private final Source source;
    private final InstantSource clock;
    private final RandomGenerator random;
    /// Whether it is to be replaced before its time.
    private volatile boolean wanted;

    /// Only the task that looks reads and writes these.
    private Instant next;

    private int failures;

    /// In all.
    private final AtomicLong failed = new AtomicLong();

    /// @param known the one there is; without, one is wanted at once
    Renewal(Optional<NodeCertificate> known, Source source, InstantSource clock, RandomGenerator random) {
        this.source = source;
        this.clock = clock;
        this.random = random;
        next = known.map(this::due).orElse(Instant.MIN);
    }

    private Instant due(NodeCertificate certificate) {
        return certificate.life().renewal(random.nextDouble());
    }

    /// How often it could not be replaced.
    long failed() {
        return failed.get();
    }

    /// The next look replaces the certificate, whatever its time.
    void want() {
        wanted = true;
    }

    /// Replaces the certificate if it is time to.
    void look() throws InterruptedException {
        if (!wanted && clock.instant().isBefore(next)) return;
        wanted = false;
        try {
            var fresh = source.fresh();
            next = due(fresh);
            failures = 0;
            LOG.info(
                    "a new certificate of {} holds until {}",
                    fresh.user(),
                    fresh.life().to());
        } catch (IOException | ApiException | IllegalArgumentException e) {
            failures++;
            failed.incrementAndGet();
            next = clock.instant().plus(BACKOFF.after(failures));
            LOG.warn("no new certificate: {}; trying again at {}", e.getMessage(), next);
        }
    }
}
