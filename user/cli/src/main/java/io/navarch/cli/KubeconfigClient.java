package io.navarch.cli;

import io.navarch.client.Client;
import io.navarch.client.HttpsTransport;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A client from the current context of a kubeconfig file.
public final class KubeconfigClient {
    private KubeconfigClient() {}

    public static Client open(Path file, EventLoops eventLoops) throws IOException {
        var config = Kubeconfig.read(file);
        var certificate = config.certificate();
        var key = config.key();
        var identity = certificate == null || key == null
                ? Optional.<Tls.Identity>empty()
                : Optional.of(new Tls.Identity(certificate, key));
        var tls = Tls.client(Optional.ofNullable(config.authority()), identity);
        var target = HttpClient.Target.secure(config.server().getHost(), config.port(), tls);
        return new Client(
                new HttpsTransport(
                        new HttpClient(eventLoops, Duration.ofSeconds(5)), target, config.token(), "navarch/0.1"),
                "navarch");
    }
}
