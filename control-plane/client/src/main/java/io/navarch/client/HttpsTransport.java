package io.navarch.client;

import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reaches an API server over HTTPS, with a client certificate (in the target's TLS context) or a bearer token.
public final class HttpsTransport implements Transport {
    private final HttpClient client;
    private final Supplier<HttpClient.Target> server;
    private final String token;
    private final String userAgent;

    /// @param token `""` when the certificate says who calls
    public HttpsTransport(HttpClient client, HttpClient.Target server, String token, String userAgent) {
        this(client, () -> server, token, userAgent);
    }

    /// @param server asked for with every call: who renews the certificate gives another one
    public HttpsTransport(HttpClient client, Supplier<HttpClient.Target> server, String token, String userAgent) {
        this.client = client;
        this.server = server;
        this.token = token;
        this.userAgent = userAgent;
    }

    @Override
    public Response send(String method, String uri, @Nullable String contentType, byte @Nullable [] body)
            throws IOException {
        var headers = new ArrayList<Map.Entry<String, String>>();
        headers.add(Map.entry(HeaderNames.ACCEPT, "application/json"));
        headers.add(Map.entry(HeaderNames.USER_AGENT, userAgent));
        if (!token.isEmpty()) headers.add(Map.entry(HeaderNames.AUTHORIZATION, "Bearer " + token));
        if (contentType != null) headers.add(Map.entry(HeaderNames.CONTENT_TYPE, contentType));
        var request = body == null
                ? HttpClient.Request.of(method, uri, headers)
                : HttpClient.Request.of(method, uri, headers, body);
        var response = client.send(server.get(), request, Duration.ofSeconds(30));
        return new Response(response.status(), response.body(), response::close);
    }
}
