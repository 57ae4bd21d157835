package io.navarch.authentication;

import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks a service that a kubeconfig names, by posting it a review; the answer is the review with its status.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/webhook/
public final class RemoteReview {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LARGEST = 1 << 20;
    private static final int TRIES = 5;

    private final HttpClient http;
    private final HttpClient.Target target;
    private final String path;
    private final String token;

    /// @throws ConfigurationException when the file names no HTTPS service
    public RemoteReview(Path kubeconfig, HttpClient http) throws IOException {
        this.http = http;
        var config = View.of(Yaml.parse(Files.readString(kubeconfig)));
        var context = config.get("contexts")
                .find("name", config.get("current-context").string())
                .get("context");
        var cluster = config.get("clusters")
                .find("name", context.get("cluster").string())
                .get("cluster");
        var user =
                config.get("users").find("name", context.get("user").string()).get("user");
        var server = cluster.get("server").string();
        if (!server.startsWith("https://"))
            throw new ConfigurationException(
                    kubeconfig + ": the cluster of its current context has no https:// server");
        var uri = URI.create(server);
        var authority = pem(kubeconfig, cluster, "certificate-authority");
        if (authority.isEmpty())
            throw new ConfigurationException(
                    kubeconfig + ": the cluster of its current context has no certificate-authority");
        var certificate = pem(kubeconfig, user, "client-certificate");
        var key = pem(kubeconfig, user, "client-key");
        var identity = certificate.isEmpty() || key.isEmpty()
                ? Optional.<Tls.Identity>empty()
                : Optional.of(new Tls.Identity(certificate.get(), key.get()));
        int port = uri.getPort() < 0 ? 443 : uri.getPort();
        target = HttpClient.Target.secure(uri.getHost(), port, Tls.client(authority, identity));
        path = (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        token = user.get("token").string();
    }

    /// What stands in the file, or in another that it names.
    private static Optional<String> pem(Path file, View section, String name) throws IOException {
        var encoded = section.get(name + "-data").string();
        if (!encoded.isEmpty())
            return Optional.of(new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII));
        var other = section.get(name).string();
        return other.isEmpty() ? Optional.empty() : Optional.of(Files.readString(file.resolveSibling(other)));
    }

    /// @throws IOException when nobody answers as asked, after some tries
    public View ask(Map<String, Object> review) throws IOException {
        IOException failed = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                return once(Json.write(review));
            } catch (IOException e) {
                failed = e;
            }
        }
        throw failed == null ? new IOException("not asked") : failed;
    }

    private View once(byte[] body) throws IOException {
        var headers = new ArrayList<Map.Entry<String, String>>(
                List.of(Map.entry("content-type", "application/json"), Map.entry("accept", "application/json")));
        if (!token.isEmpty()) headers.add(Map.entry("authorization", "Bearer " + token));
        try (var response = http.send(target, HttpClient.Request.of("POST", path, headers, body), TIMEOUT)) {
            if (response.status() / 100 != 2) throw new IOException("the webhook answered " + response.status());
            var bytes = response.body().readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST)
                throw new IOException("the webhook answered with more than " + LARGEST + " bytes");
            return View.of(Json.parse(bytes));
        } catch (Json.MalformedException e) {
            throw new IOException("the webhook answered with something else: " + e.getMessage(), e);
        }
    }
}
