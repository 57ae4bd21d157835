package io.navarch.client;

import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Whom the current context of a kubeconfig file calls, and as whom. Certificates and keys stand in the file or in
/// others that it names, seen from where it is. A way to be known that is not understood here is refused: without it
/// the caller would be somebody else, or would believe somebody else.
///
/// Source: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
///
/// @param token a bearer token, `""` if there is none
public record Kubeconfig(URI server, Tls.Trust trust, Optional<Tls.Identity> identity, String token) {
    private static final List<String> OTHER_SERVERS = List.of("tls-server-name", "proxy-url");
    static final List<String> OTHER_USERS = List.of("exec", "auth-provider", "username", "password", "as");

    /// @throws ConfigurationException when the file is something else, or says what is not supported
    public static Kubeconfig read(Path file) throws IOException {
        var config = tree(file);
        var name = config.get("current-context").string();
        if (name.isEmpty()) throw new ConfigurationException(file + ": it has no current-context");
        var context = section(file, config.get("contexts"), name, "context");
        var cluster = section(file, config.get("clusters"), context.text("cluster"), "cluster");
        var user = context.text("user").isEmpty()
                ? new KubeconfigSection(file, View.ABSENT)
                : section(file, config.get("users"), context.text("user"), "user");
        cluster.without(OTHER_SERVERS);
        user.without(OTHER_USERS);
        return new Kubeconfig(server(file, cluster.text("server")), trust(cluster), identity(user), token(user));
    }

    static View tree(Path file) throws IOException {
        try {
            return View.of(Yaml.parse(ConfigurationReader.text(file)));
        } catch (Json.MalformedException e) {
            throw new ConfigurationException(file + ": " + e.getMessage());
        }
    }

    private static KubeconfigSection section(Path file, View named, String name, String kind) {
        var found = named.find("name", name).get(kind);
        if (!found.exists()) throw new ConfigurationException(file + ": " + kind + " \"" + name + "\" does not exist");
        return new KubeconfigSection(file, found);
    }

    private static URI server(Path file, String text) {
        try {
            var server = URI.create(text);
            boolean whole = "https".equals(server.getScheme()) || "http".equals(server.getScheme());
            if (whole && server.getHost() != null && server.getUserInfo() == null) return server;
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new ConfigurationException(file + ": the server is no URL of a host: \"" + text + "\"");
    }

    private static Tls.Trust trust(KubeconfigSection cluster) throws IOException {
        var authority = cluster.pem("certificate-authority");
        if (!cluster.view().get("insecure-skip-tls-verify").bool())
            return authority.<Tls.Trust>map(Tls.Trust.Authorities::new).orElseGet(Tls.Trust.Machine::new);
        if (authority.isPresent())
            throw new ConfigurationException(
                    cluster.file() + ": specifying a root certificates file with the insecure flag is not allowed");
        return new Tls.Trust.Anyone();
    }

    static Optional<Tls.Identity> identity(KubeconfigSection user) throws IOException {
        var certificate = user.pem("client-certificate");
        var key = user.pem("client-key");
        if (certificate.isPresent() != key.isPresent())
            throw new ConfigurationException(
                    user.file() + ": client-certificate and client-key are of use together only");
        return certificate.map(shown -> new Tls.Identity(shown, key.orElseThrow()));
    }

    /// A file with a token counts more than one that stands beside it, as with kubectl.
    static String token(KubeconfigSection user) throws IOException {
        return user.referred("tokenFile").map(String::strip).orElse(user.text("token"));
    }

    /// Who vouches for the server, in PEM, if the file names anybody.
    public Optional<String> authority() {
        return trust instanceof Tls.Trust.Authorities authorities
                ? Optional.of(authorities.certificates())
                : Optional.empty();
    }

    public String host() {
        return server.getHost().replaceAll("[\\[\\]]", "");
    }

    public int port() {
        return server.getPort() >= 0 ? server.getPort() : secure() ? 443 : 80;
    }

    public boolean secure() {
        return "https".equals(server.getScheme());
    }

    /// @throws ConfigurationException when certificates or key are none
    public HttpClient.Target target() {
        if (!secure()) return HttpClient.Target.plain(host(), port());
        try {
            return HttpClient.Target.secure(host(), port(), Tls.client(trust, identity));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
    }
}
