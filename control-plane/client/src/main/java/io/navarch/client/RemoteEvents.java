package io.navarch.client;

import io.navarch.http.EventLoops;
import io.navarch.process.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// Posts what is to be kept to a service that a kubeconfig names. Whatever goes wrong, it is tried again a few times,
/// always later: there is hardly an error after which it would be better to lose it at once.
///
/// Source: https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#webhook-backend
public final class RemoteEvents implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final RemoteService service;
    private final WebhookPauses pauses;
    private final Timers timers;

    /// @param firstPause before the second try
    public RemoteEvents(
            Kubeconfig named, Duration firstPause, EventLoops loops, Timers timers, RandomGenerator random) {
        service = new RemoteService(named, TIMEOUT, loops);
        pauses = new WebhookPauses(firstPause, random);
        this.timers = timers;
    }

    /// @throws IOException when nobody has taken it
    public void post(byte[] body) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                service.post(body).accepted();
                return;
            } catch (ReviewFailedException e) {
                if (Thread.interrupted()) throw new InterruptedException();
                if (tries == WebhookPauses.TRIES) throw e;
                timers.pause(pauses.after(tries));
            }
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
