package io.navarch.cli;

import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The current context of a kubeconfig file. Certificates and key are PEM texts.
///
/// @param authority who vouches for the server; `null` if it need not prove itself
/// @param certificate the client's; `null` if it shows none
/// @param token a bearer token, `""` if there is none
public record Kubeconfig(
        URI server,
        @Nullable String authority,
        @Nullable String certificate,
        @Nullable String key,
        String token) {
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

    private static @Nullable String text(View section, String field) {
        var encoded = section.get(field).string();
        return encoded.isEmpty() ? null : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }
}
