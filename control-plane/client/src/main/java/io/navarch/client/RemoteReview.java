package io.navarch.client;

import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
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
    private static final int LARGEST = 1 << 20;
    private static final int TRIES = 5;
    /// So long a call to an API server may take; nobody waits for a try that begins later.
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final double FIRST_PAUSE_MILLIS = 500;
    private static final double FACTOR = 1.5;
    private static final double JITTER = 0.2;

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

    private final HttpClient http;
    private final ReviewCall call;
    private final Duration timeout;
    private final Timers timers;
    private final RandomGenerator random;

    /// @param timeout of each try, from connecting to the end of the answer
    /// @throws ConfigurationException when the file names no HTTPS service
    public RemoteReview(Path kubeconfig, Duration timeout, EventLoops loops, Timers timers, RandomGenerator random)
            throws IOException {
        var service = Kubeconfig.read(kubeconfig);
        if (!service.secure())
            throw new ConfigurationException(
                    kubeconfig + ": the cluster of its current context has no https:// server");
        var server = service.server();
        var query = (server.getRawQuery() == null ? "" : server.getRawQuery() + "&") + "timeout=" + words(timeout);
        var path = (server.getRawPath().isEmpty() ? "/" : server.getRawPath()) + "?" + query;
        http = new HttpClient(loops, timeout);
        var url = "https://" + server.getRawAuthority() + path;
        call = new ReviewCall(http, service.target(), url, path, service.token(), LARGEST);
        this.timeout = timeout;
        this.timers = timers;
        this.random = random;
    }

    private static String words(Duration timeout) {
        return timeout.toMillis() % 1000 == 0 ? timeout.toSeconds() + "s" : timeout.toMillis() + "ms";
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
                if (canceled || !e.passing() || tries == TRIES || System.nanoTime() > end) throw e;
                pause(tries, e);
            }
        }
    }

    private void pause(int tries, ReviewFailedException failed) throws ReviewFailedException {
        var millis = FIRST_PAUSE_MILLIS * Math.pow(FACTOR, tries - 1) * (1 + JITTER * random.nextDouble());
        try {
            timers.pause(Duration.ofMillis((long) millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed;
        }
    }

    private View once(Map<String, Object> review) throws ReviewFailedException {
        ReviewAnswer answer;
        try {
            answer = call.post(Json.write(review), timeout);
        } catch (ReviewCall.FailedException e) {
            throw failed(e.failure);
        }
        var asked = View.of(review);
        return answer.review(asked.get("apiVersion").string(), asked.get("kind").string());
    }

    private ReviewFailedException failed(ReviewCall.Failure failure) {
        return switch (failure) {
            case ReviewCall.Failure.Cut() ->
                new ReviewFailedException(
                        "unexpected error when reading response body. Please retry. Original error: net/http: request"
                                + " canceled (Client.Timeout or context cancellation while reading body)",
                        true,
                        false);
            case ReviewCall.Failure.Late() ->
                posted("net/http: request canceled (Client.Timeout exceeded while awaiting headers)", true, false);
            case ReviewCall.Failure.Broken(var words, var reset) -> posted(words, false, reset);
        };
    }

    private ReviewFailedException posted(String words, boolean late, boolean passing) {
        return new ReviewFailedException("Post \"" + call.url() + "\": " + words, late, passing);
    }

    /// Lets go of its connections.
    @Override
    public void close() {
        http.close();
    }
}
