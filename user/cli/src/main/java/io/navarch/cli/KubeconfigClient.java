package io.navarch.cli;

import io.navarch.client.Client;
import io.navarch.client.HttpsTransport;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.http.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A client from the current context of a kubeconfig file.
public final class KubeconfigClient {
    private KubeconfigClient() {}

    public static Client open(Path file, Transport transport) throws IOException {
        var config = Kubeconfig.read(file);
        var tls = Tls.client(config.authority(), config.certificate(), config.key());
        var target = new HttpClient.Target(config.server().getHost(), config.port(), tls);
        return new Client(
                new HttpsTransport(
                        new HttpClient(transport, Duration.ofSeconds(5)), target, config.token(), "navarch/0.1"),
                "navarch");
    }
}
