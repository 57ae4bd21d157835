package io.navarch.client;

import io.navarch.objects.ApiException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Counts the calls that it hands on.
record CountedTransport(Transport transport, CallMetrics metrics) implements Transport {
    @Override
    public Response send(String method, String uri, @Nullable String contentType, byte @Nullable [] body)
            throws IOException {
        long since = metrics.now();
        try {
            var response = transport.send(method, uri, contentType, body);
            metrics.answered(method, response.status(), since);
            return response;
        } catch (IOException e) {
            metrics.unanswered(method, since);
            throw e;
        }
    }

    @Override
    public Events watch(String uri) throws IOException {
        long since = metrics.now();
        try {
            var events = transport.watch(uri);
            metrics.answered("GET", 200, since);
            return events;
        } catch (ApiException e) {
            metrics.answered("GET", e.code(), since);
            throw e;
        } catch (IOException e) {
            metrics.unanswered("GET", since);
            throw e;
        }
    }
}
