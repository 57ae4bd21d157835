package io.navarch.cli;

import io.navarch.client.Client;
import io.navarch.client.HttpsTransport;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.http.Transport;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/// A client from the current context of a kubeconfig file.
public final class KubeconfigClient {
    private KubeconfigClient() {}

    public static Client open(Path kubeconfig, Transport transport) throws IOException {
        var config = View.of(Yaml.parse(Files.readString(kubeconfig)));
        var context = config.get("contexts")
                .find("name", config.get("current-context").string())
                .get("context");
        var cluster = config.get("clusters")
                .find("name", context.get("cluster").string())
                .get("cluster");
        var user =
                config.get("users").find("name", context.get("user").string()).get("user");
        var server = URI.create(cluster.get("server").string());
        var tls = Tls.client(
                text(cluster, "certificate-authority-data"),
                text(user, "client-certificate-data"),
                text(user, "client-key-data"));
        var target = new HttpClient.Target(server.getHost(), server.getPort() < 0 ? 443 : server.getPort(), tls);
        return new Client(
                new HttpsTransport(
                        new HttpClient(transport, Duration.ofSeconds(5)),
                        target,
                        user.get("token").string(),
                        "navarch/0.1"),
                "navarch");
    }

    private static String text(View section, String field) {
        var encoded = section.get(field).string();
        return encoded.isEmpty() ? null : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
