package io.navarch.client;

import io.navarch.http.BodyTooSlowException;
import io.navarch.http.ConnectFailedException;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/// One review, posted to whoever answers it: how long is waited, how much is read, and Go's words for what goes wrong.
///
/// @param url as errors name it
/// @param path and query, as it is asked for
/// @param token a bearer token, or `""`
/// @param largest answer that is read, in bytes
record ReviewCall(HttpClient http, HttpClient.Target target, String url, String path, String token, int largest) {
    /// Nothing came, or not all of it.
    sealed interface Failure {
        /// The head of the answer was not there in time.
        record Late() implements Failure {}

        /// Its body was not.
        record Cut() implements Failure {}

        /// Something else, in Go's words.
        record Broken(String words, boolean reset) implements Failure {}
    }

    static final class FailedException extends IOException {
        final transient Failure failure;

        FailedException(Failure failure) {
            this.failure = failure;
        }
    }

    /// @throws ReviewFailedException when the answer is too long
    /// @throws FailedException when there is none
    ReviewAnswer post(byte[] body, Duration timeout) throws ReviewFailedException, FailedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            return exchange(body, deadline);
        } catch (ReviewFailedException e) {
            throw e;
        } catch (BodyTooSlowException e) {
            throw new FailedException(new Failure.Cut());
        } catch (IOException e) {
            boolean late = e.getCause() instanceof TimeoutException
                    || e instanceof ConnectFailedException && System.nanoTime() >= deadline;
            if (late) throw new FailedException(new Failure.Late());
            throw new FailedException(
                    new Failure.Broken(words(e), String.valueOf(e.getMessage()).contains("reset")));
        }
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
                Map.entry(HeaderNames.HOST, URI.create(url).getRawAuthority()),
                Map.entry(HeaderNames.CONTENT_TYPE, "application/json"),
                Map.entry(HeaderNames.ACCEPT, "application/json, */*")));
        if (!token.isEmpty()) headers.add(Map.entry(HeaderNames.AUTHORIZATION, "Bearer " + token));
        var request = HttpClient.Request.of("POST", path, headers, body);
        try (var response = http.send(target, request, left(deadline))) {
            response.within(left(deadline));
            var bytes = response.body().readNBytes(largest + 1);
            if (bytes.length > largest)
                throw ReviewFailedException.useless("the webhook answered with more than " + largest + " bytes");
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
}
