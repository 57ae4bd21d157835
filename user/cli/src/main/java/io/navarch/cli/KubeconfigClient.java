package io.navarch.cli;

import io.navarch.client.Client;
import io.navarch.client.HttpsTransport;
import io.navarch.client.Kubeconfig;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// A client from the current context of a kubeconfig file.
public final class KubeconfigClient {
    private KubeconfigClient() {}

    public static Client open(Path file, EventLoops eventLoops) throws IOException {
        var config = Kubeconfig.read(file);
        return new Client(
                new HttpsTransport(
                        new HttpClient(eventLoops, Duration.ofSeconds(5)),
                        config.target(),
                        config.token(),
                        "navarch/0.1"),
                "navarch");
    }
}
