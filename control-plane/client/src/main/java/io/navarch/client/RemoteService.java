package io.navarch.client;

import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import java.net.URI;
import java.time.Duration;

/// A service that a kubeconfig names, which documents are posted to.
final class RemoteService implements AutoCloseable {
    private static final int LARGEST = 1 << 20;

    private final HttpClient http;
    private final ReviewCall call;
    private final Duration timeout;

    /// @param timeout of each call, from connecting to the end of the answer
    RemoteService(Kubeconfig service, Duration timeout, EventLoops loops) {
        var server = service.server();
        var path = path(server, timeout);
        http = new HttpClient(loops, timeout);
        var url = server.getScheme() + "://" + server.getRawAuthority() + path;
        call = new ReviewCall(http, service.target(), url, path, service.token(), LARGEST);
        this.timeout = timeout;
    }

    private static String path(URI server, Duration timeout) {
        var query = (server.getRawQuery() == null ? "" : server.getRawQuery() + "&") + "timeout=" + words(timeout);
        return (server.getRawPath().isEmpty() ? "/" : server.getRawPath()) + "?" + query;
    }

    private static String words(Duration timeout) {
        return timeout.toMillis() % 1000 == 0 ? timeout.toSeconds() + "s" : timeout.toMillis() + "ms";
    }

    /// @throws ReviewFailedException when there is no answer
    ReviewAnswer post(byte[] body) throws ReviewFailedException {
        try {
            return call.post(body, timeout);
        } catch (ReviewCall.FailedException e) {
            throw failed(e.failure);
        }
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
