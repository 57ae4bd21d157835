package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.client.HttpsTransport;
import io.navarch.client.Transport;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/// Clients of an API server over HTTPS, as somebody who joins has them one after the other.
record ApiAccess(HttpClient http) {
    private static final String AGENT = "navarch-agent";
    private static final int HTTPS = 443;

    /// Far more than is read before the server is known.
    private static final int MOST_BYTES = 4 << 20;

    static HttpClient.Target target(URI server, Tls.Trust trust, Optional<Tls.Identity> identity) {
        int port = server.getPort() < 0 ? HTTPS : server.getPort();
        return HttpClient.Target.secure(server.getHost(), port, Tls.client(trust, identity));
    }

    /// Of a server that could be anybody.
    Client unverified(URI server) {
        return bounded(target(server, new Tls.Trust.Anyone(), Optional.empty()), "");
    }

    /// @param token `""` for nobody
    Client verified(ClusterInfo cluster, URI server, String token) {
        return bounded(target(server, new Tls.Trust.Authorities(cluster.authority()), Optional.empty()), token);
    }

    private Client bounded(HttpClient.Target target, String token) {
        var transport = new HttpsTransport(http, () -> target, token, AGENT);
        return new Client(
                (method, uri, type, body) -> {
                    var response = transport.send(method, uri, type, body);
                    var bytes = response.body().readNBytes(MOST_BYTES + 1);
                    if (bytes.length <= MOST_BYTES)
                        return new Transport.Response(
                                response.status(), new ByteArrayInputStream(bytes), response.onClose());
                    response.close();
                    throw new IOException("the answer is longer than " + MOST_BYTES + " bytes");
                },
                AGENT);
    }

    /// As whoever the certificate in the target says, which may change.
    Client known(Supplier<HttpClient.Target> target, String manager) {
        return new Client(new HttpsTransport(http, target, "", AGENT), manager);
    }
}
