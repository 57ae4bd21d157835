package io.navarch.client;

import io.navarch.http.EventLoops;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Asks a service that a kubeconfig names, by posting it a review; the answer is the review with its status. What may
/// pass is tried again a few times, always later; what was not there in time is not.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/webhook/
public final class RemoteReview implements AutoCloseable {
    /// So long a call to an API server may take; nobody waits for a try that begins later.
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    /// Is told of every try.
    public interface Observer {
        void tried(Result result, Duration took);
    }

    /// How a try ended.
    public enum Result {
        SUCCESS,
        ERROR,
        TIMEOUT,
        /// Whoever asked does not want to know any more.
        CANCELED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final RemoteService service;
    private final WebhookPauses pauses;
    private final Timers timers;

    /// @param timeout of each try, from connecting to the end of the answer
    /// @throws ConfigurationException when the file names no HTTPS service
    public RemoteReview(Path kubeconfig, Duration timeout, EventLoops loops, Timers timers, RandomGenerator random)
            throws IOException {
        var named = Kubeconfig.read(kubeconfig);
        if (!named.secure())
            throw new ConfigurationException(
                    kubeconfig + ": the cluster of its current context has no https:// server");
        service = new RemoteService(named, timeout, loops);
        pauses = new WebhookPauses(FIRST_PAUSE, random);
        this.timers = timers;
    }

    /// @return the review that was sent, with its status
    /// @throws ReviewFailedException when nobody answers as asked, after some tries
    public View ask(Map<String, Object> review, Observer observer) throws ReviewFailedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int tries = 1; ; tries++) {
            long began = System.nanoTime();
            try {
                var answer = once(review);
                observer.tried(Result.SUCCESS, Duration.ofNanos(System.nanoTime() - began));
                return answer;
            } catch (ReviewFailedException e) {
                boolean canceled = Thread.currentThread().isInterrupted();
                var result = canceled ? Result.CANCELED : e.timeout() ? Result.TIMEOUT : Result.ERROR;
                observer.tried(result, Duration.ofNanos(System.nanoTime() - began));
                if (canceled || !e.passing() || tries == WebhookPauses.TRIES || System.nanoTime() > end) throw e;
                pause(tries, e);
            }
        }
    }

    private void pause(int tries, ReviewFailedException failed) throws ReviewFailedException {
        try {
            timers.pause(pauses.after(tries));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed;
        }
    }

    private View once(Map<String, Object> review) throws ReviewFailedException {
        var asked = View.of(review);
        return service.post(Json.write(review))
                .review(asked.get("apiVersion").string(), asked.get("kind").string());
    }

    /// Lets go of its connections.
    @Override
    public void close() {
        service.close();
    }
}
