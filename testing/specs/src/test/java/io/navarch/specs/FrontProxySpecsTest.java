package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Resources;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Who calls, is said by a certificate, and by a proxy in front of the API if its certificate is of its own authority.
class FrontProxySpecsTest {
    @TempDir
    static Path directory;

    @RegisterExtension
    static final PlaneUnderTest SERVER = new PlaneUnderTest(() -> new String[] {
        "--requestheader-client-ca-file", proxies("ca").resolve("ca.crt").toString(),
        "--requestheader-allowed-names", "front",
        "--requestheader-username-headers", "X-Remote-User",
        "--requestheader-group-headers", "X-Remote-Group",
        "--requestheader-extra-headers-prefix", "X-Remote-Extra-"
    });

    private static Path proxies(String name) throws IOException {
        var directory = FrontProxySpecsTest.directory.resolve(name);
        new Pki(directory, InstantSource.system());
        return directory;
    }

    private static Pki.Pair shown(Path authority, String name, String... groups) throws IOException {
        return new Pki(authority, InstantSource.system()).client(name, name, groups);
    }

    private static HttpResponse<String> whoAmI(Pki.Pair shown, String... headers) throws IOException {
        try (var http = HttpClient.newBuilder()
                .sslContext(PlaneUnderTest.trusting(SERVER.authority(), Optional.of(shown)))
                .build()) {
            var request = HttpRequest.newBuilder(
                            URI.create(SERVER.url() + "/apis/authentication.k8s.io/v1/selfsubjectreviews"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(
                            "{\"apiVersion\": \"authentication.k8s.io/v1\", \"kind\": \"SelfSubjectReview\"}"));
            if (headers.length > 0) request.headers(headers);
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static View user(HttpResponse<String> answer) {
        return View.of(Json.parse(answer.body())).get("status", "userInfo");
    }

    @Test
    void theProxySaysWhoCalls() throws IOException {
        var answer = whoAmI(
                shown(proxies("ca"), "front"),
                "X-Remote-User",
                "zoe",
                "X-Remote-Group",
                "guests",
                "X-Remote-Group",
                "others",
                "X-Remote-Extra-Scopes",
                "read");
        assertThat(user(answer).get("username").string()).isEqualTo("zoe");
        assertThat(user(answer).get("groups").strings()).containsExactly("guests", "others", "system:authenticated");
        assertThat(user(answer).get("extra", "scopes").strings()).containsExactly("read");
    }

    /// Neither whoever the cluster knows, nor another client of the proxy's authority, nor the proxy for itself.
    @Test
    void nobodyElseSaysWhoCalls() throws IOException {
        var cluster = SERVER.directory().resolve("pki");
        var user = whoAmI(shown(cluster, "eve"), "X-Remote-User", "admin", "X-Remote-Group", "system:masters");
        assertThat(user(user).get("username").string()).isEqualTo("eve");
        assertThat(user(user).get("groups").strings()).doesNotContain("system:masters");
        var named = whoAmI(shown(cluster, "front"), "X-Remote-User", "admin", "X-Remote-Group", "system:masters");
        assertThat(user(named).get("groups").strings()).doesNotContain("system:masters");
        for (var shown : List.of(shown(proxies("ca"), "back", "system:masters"), shown(proxies("other"), "front")))
            assertThat(whoAmI(shown, "X-Remote-User", "admin").statusCode()).isEqualTo(401);
        assertThat(whoAmI(shown(proxies("ca"), "front", "system:masters")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aCertificateOfTheServersKindIsNobodys() throws IOException {
        var pki = new Pki(SERVER.directory().resolve("pki"), InstantSource.system());
        assertThat(whoAmI(pki.server("some", "some", List.of("some"))).statusCode())
                .isEqualTo(401);
    }

    @Test
    void extensionServersAreToldOfIt() {
        var map = SERVER.client.get(
                Resources.CONFIG_MAPS, new ObjectKey("kube-system", "extension-apiserver-authentication"));
        assertThat(map.data())
                .containsEntry("client-ca-file", SERVER.authority())
                .containsEntry("requestheader-allowed-names", "[\"front\",\"front-proxy-client\"]")
                .containsEntry("requestheader-username-headers", "[\"X-Remote-User\"]")
                .containsEntry("requestheader-group-headers", "[\"X-Remote-Group\"]")
                .containsEntry("requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]")
                .containsKey("requestheader-client-ca-file")
                .doesNotContainKey("requestheader-uid-headers");
    }

    /// Who serves an API beside this one may read that, and nothing else there.
    @Test
    void whoeverIsToReadItMay() {
        var role = SERVER.client.get(
                Resources.ROLES, new ObjectKey("kube-system", "extension-apiserver-authentication-reader"));
        assertThat(role.rules()).hasSize(1);
        assertThat(role.rules().getFirst().resourceNames()).containsExactly("extension-apiserver-authentication");
        assertThat(role.metadata().labels()).containsEntry("kubernetes.io/bootstrapping", "rbac-defaults");
        var scheduler = SERVER.as("system:kube-scheduler");
        assertThat(scheduler
                        .get(Resources.CONFIG_MAPS, new ObjectKey("kube-system", "extension-apiserver-authentication"))
                        .exists())
                .isTrue();
    }
}
