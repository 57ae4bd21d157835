package io.navarch.cli;

import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/// The current context of a kubeconfig file. Certificates and key are PEM texts.
///
/// @param authority who vouches for the server, `null`: nobody needs to
/// @param certificate the client's, or `null`
/// @param token a bearer token, `""`: none
public record Kubeconfig(URI server, String authority, String certificate, String key, String token) {
    public static Kubeconfig read(Path file) throws IOException {
        var config = View.of(Yaml.parse(Files.readString(file)));
        var context = config.get("contexts")
                .find("name", config.get("current-context").string())
                .get("context");
        var cluster = config.get("clusters")
                .find("name", context.get("cluster").string())
                .get("cluster");
        var user =
                config.get("users").find("name", context.get("user").string()).get("user");
        return new Kubeconfig(
                URI.create(cluster.get("server").string()),
                text(cluster, "certificate-authority-data"),
                text(user, "client-certificate-data"),
                text(user, "client-key-data"),
                user.get("token").string());
    }

    public int port() {
        return server.getPort() < 0 ? 443 : server.getPort();
    }

    private static String text(View section, String field) {
        var encoded = section.get(field).string();
        return encoded.isEmpty() ? null : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
