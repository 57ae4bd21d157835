package io.navarch.client;

import io.navarch.http.BodyTooSlowException;
import io.navarch.http.ConnectFailedException;
import io.navarch.http.EventLoops;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.ConfigurationException;
import io.navarch.process.Timers;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
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
    private final HttpClient.Target target;
    private final String url;
    private final String path;
    private final String token;
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
        target = service.target();
        var server = service.server();
        var query = (server.getRawQuery() == null ? "" : server.getRawQuery() + "&") + "timeout=" + words(timeout);
        path = (server.getRawPath().isEmpty() ? "/" : server.getRawPath()) + "?" + query;
        url = "https://" + server.getRawAuthority() + path;
        token = service.token();
        http = new HttpClient(loops, timeout);
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
        long deadline = System.nanoTime() + timeout.toNanos();
        var sent = Json.write(review);
        ReviewAnswer answer;
        try {
            answer = exchange(sent, deadline);
        } catch (BodyTooSlowException e) {
            throw new ReviewFailedException(
                    "unexpected error when reading response body. Please retry. Original error: net/http: request"
                            + " canceled (Client.Timeout or context cancellation while reading body)",
                    true,
                    false);
        } catch (IOException e) {
            throw failed(e, deadline);
        }
        var asked = View.of(review);
        return answer.review(asked.get("apiVersion").string(), asked.get("kind").string());
    }

    private ReviewAnswer exchange(byte[] body, long deadline) throws IOException {
        try {
            return sent(body, deadline);
        } catch (ConnectFailedException | BodyTooSlowException | ReviewFailedException e) {
            throw e;
        } catch (IOException e) {
            // A connection that was kept may have been closed just when it was taken. Asking twice does no harm.
            if (!ended(e) || System.nanoTime() > deadline) throw e;
            return sent(body, deadline);
        }
    }

    private ReviewAnswer sent(byte[] body, long deadline) throws IOException {
        var headers = new ArrayList<Map.Entry<String, String>>(List.of(
                Map.entry(HeaderNames.CONTENT_TYPE, "application/json"),
                Map.entry(HeaderNames.ACCEPT, "application/json, */*")));
        if (!token.isEmpty()) headers.add(Map.entry(HeaderNames.AUTHORIZATION, "Bearer " + token));
        var request = HttpClient.Request.of("POST", path, headers, body);
        try (var response = http.send(target, request, left(deadline))) {
            response.within(left(deadline));
            var bytes = response.body().readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST)
                throw ReviewFailedException.useless("the webhook answered with more than " + LARGEST + " bytes");
            return new ReviewAnswer(response.status(), response.header(HeaderNames.CONTENT_TYPE), bytes);
        }
    }

    /// Never zero, which would be no limit at all.
    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }

    private static boolean ended(IOException e) {
        return String.valueOf(e.getMessage()).startsWith("unexpected EOF");
    }

    private ReviewFailedException failed(IOException e, long deadline) {
        if (e instanceof ReviewFailedException known) return known;
        boolean late = e.getCause() instanceof TimeoutException
                || e instanceof ConnectFailedException && System.nanoTime() >= deadline;
        return new ReviewFailedException(
                "Post \"" + url + "\": "
                        + (late
                                ? "net/http: request canceled (Client.Timeout exceeded while awaiting headers)"
                                : words(e)),
                late,
                String.valueOf(e.getMessage()).contains("reset"));
    }

    /// What Go says of a connection that fails.
    private static String words(IOException e) {
        if (ended(e)) return "EOF";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException)
                return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
            if (cause instanceof CertificateException && cause.getCause() == null)
                return "tls: failed to verify certificate: x509: " + cause.getMessage();
        }
        return String.valueOf(e.getMessage());
    }

    /// Lets go of its connections.
    @Override
    public void close() {
        http.close();
    }
}
