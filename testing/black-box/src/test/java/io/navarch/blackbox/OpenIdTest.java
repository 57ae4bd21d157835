package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/// Users of a stock OpenID provider call the server with kubectl.
class OpenIdTest {
    @TempDir
    static Path folder;

    private static OpenIdProvider provider;
    private static ControlPlaneAlone plane;

    @BeforeAll
    static void start() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        provider = new OpenIdProvider(folder, port, new Machine(folder));
        provider.start("one");
        var configuration = Files.writeString(folder.resolve("authentication.yaml"), """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthenticationConfiguration
                jwt:
                - issuer:
                    url: %s
                    audiences: [kubernetes, kubernetes-ps, kubernetes-es, kubernetes-ed, brief]
                    audienceMatchPolicy: MatchAny
                    certificateAuthority: |
                %s
                  claimValidationRules:
                  - claim: tenant
                    requiredValue: t1
                  - expression: claims.exp - claims.iat <= 7200
                    message: tokens may live for two hours
                  claimMappings:
                    username: {expression: 'claims.email_verified ? "oidc:" + claims.email : ""'}
                    groups: {expression: 'claims.?roles.orValue([]).map(r, "role-" + r)'}
                    uid: {claim: sub}
                    extra:
                    - {key: example.com/tenant, valueExpression: claims.tenant}
                  userValidationRules:
                  - expression: "user.groups.all(g, !g.startsWith('role-system:'))"
                    message: groups of the system are not for strangers
                """.formatted(
                        provider.url(), provider.authority().indent(6)));
        plane = new ControlPlaneAlone(List.of("--authentication-config", configuration.toString()));
        plane.machine
                .kubectl("create clusterrolebinding developers --clusterrole=view --group=role-dev")
                .ok();
    }

    @AfterAll
    static void stop() throws Exception {
        if (plane != null) plane.close();
        if (provider != null) provider.close();
    }

    /// kubectl with this token and nothing else to be known by.
    private static Machine.Result kubectl(String token, String line) {
        return plane.machine.kubectl("--kubeconfig=/dev/null --server=https://127.0.0.1:" + plane.port()
                + " --certificate-authority='" + plane.data + "/pki/ca.crt' --token='" + token + "' " + line);
    }

    private static void refused(String token) {
        var answer = kubectl(token, "get configmaps").failed().output();
        assertThat(answer).contains("You must be logged in to the server");
    }

    private static boolean taken(String token) {
        return kubectl(token, "auth whoami").code() == 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes", "kubernetes-ps", "kubernetes-es"})
    void whoeverHasSignedInIsKnown(String client) throws Exception {
        var token = provider.idToken(client, "alice");
        var review = new Yaml()
                .<Map<String, Map<String, Map<String, Object>>>>load(
                        kubectl(token, "auth whoami -o json").ok().output());
        var user = review.get("status").get("userInfo");
        assertThat(user)
                .containsEntry("username", "oidc:alice@example.com")
                .containsEntry("uid", "alice")
                .containsEntry("groups", List.of("role-dev", "role-ops", "system:authenticated"));
        assertThat(user.get("extra")).asString().contains("example.com/tenant=[t1]");
        kubectl(token, "get configmaps").ok();
        assertThat(kubectl(token, "get secrets").failed().output())
                .contains("User \"oidc:alice@example.com\" cannot list resource \"secrets\"");
    }

    @Test
    void whoeverHasNoRoleMayDoNothing() throws Exception {
        var token = provider.idToken("kubernetes", "carol");
        assertThat(kubectl(token, "auth whoami").ok().output()).contains("oidc:carol@example.com");
        assertThat(kubectl(token, "get configmaps").failed().output()).contains("Forbidden");
    }

    /// Of another tenant; not verified; of a group that the rules refuse; for others; by a signature that nobody takes.
    @ParameterizedTest
    @CsvSource({"kubernetes, bob", "kubernetes, dave", "kubernetes, mallory", "elsewhere, alice", "kubernetes-ed, alice"
    })
    void whoeverDoesNotFitIsRefused(String client, String user) throws Exception {
        refused(provider.idToken(client, user));
    }

    @Test
    void aTokenIsWholeOrNothing() throws Exception {
        var parts = provider.idToken("kubernetes-es", "carol").split("\\.");
        var others = provider.idToken("kubernetes-es", "alice").split("\\.");
        refused(parts[0] + "." + others[1] + "." + parts[2]);
        refused(parts[0] + "." + parts[1] + "." + others[2]);
        refused(parts[0] + "." + parts[1] + ".");
    }

    @Test
    void aTokenEndsWithItsTime() throws Exception {
        var token = provider.idToken("brief", "alice");
        assertThat(taken(token)).isTrue();
        Machine.soon("the end of a token of seconds", () -> !taken(token));
        refused(token);
    }

    /// Keys are exchanged with overlap, and those that the provider does not show any more count no longer. While it is
    /// away, those that it has signed before stay, and nobody else is kept out.
    @Test
    void keysAreTheProvidersOwnToExchange() throws Exception {
        var first = provider.idToken("kubernetes", "alice");
        assertThat(taken(first)).isTrue();
        exchange("two", "one");
        var second = provider.idToken("kubernetes", "alice");
        Machine.soon("the new key", () -> taken(second));
        assertThat(taken(first)).isTrue();
        exchange("three", "two");
        var third = provider.idToken("kubernetes", "alice");
        Machine.soon("the newest key", () -> taken(third));
        assertThat(taken(second)).isTrue();
        Machine.soon("the end of the first key", () -> !taken(first));
        provider.stop();
        assertThat(taken(third)).isTrue();
        plane.machine.kubectl("get --raw /readyz").ok();
        var account =
                plane.machine.kubectl("create token default").ok().output().strip();
        assertThat(taken(account)).isTrue();
        plane.restart(false);
        refused(third);
        plane.machine.kubectl("get configmaps").ok();
        Machine.soon("tokens of the cluster's own", () -> taken(account));
        provider.start("three");
        Machine.soon("a provider that is there again", () -> taken(third));
        refused(second);
    }

    private static void exchange(String... generations) throws IOException, InterruptedException {
        provider.stop();
        provider.start(generations);
    }
}
