package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// kubectl against a part of the API that another server answers.
class ExtensionClientsTest {
    private static ControlPlaneAlone plane;
    private static ExtensionServer extension;

    @BeforeAll
    static void start() throws Exception {
        plane = new ControlPlaneAlone();
        var folder = Files.createDirectories(plane.data.resolve("extension"));
        plane.machine
                .shell("cd " + folder + " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                        + " -keyout key.pem -out certificate.pem -subj /CN=extension -days 2 && kubectl get configmap"
                        + " extension-apiserver-authentication --namespace kube-system"
                        + " --output jsonpath='{.data.requestheader-client-ca-file}' > clients.pem")
                .ok();
        extension = new ExtensionServer(
                folder.resolve("key.pem"), folder.resolve("certificate.pem"), folder.resolve("clients.pem"));
        var address = plane.machine.shell("hostname -I").ok().output().split(" ")[0];
        plane.machine
                .kubectl("apply -f -", """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: toys, namespace: default}
                        spec: {ports: [{name: https, port: 443}]}
                        ---
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: toys, namespace: default, labels: {kubernetes.io/service-name: toys}}
                        addressType: IPv4
                        ports: [{name: https, port: PORT}]
                        endpoints: [{addresses: [ADDRESS], conditions: {ready: true}}]
                        ---
                        apiVersion: apiregistration.k8s.io/v1
                        kind: APIService
                        metadata: {name: v1.GROUP}
                        spec:
                          group: GROUP
                          version: v1
                          groupPriorityMinimum: 100
                          versionPriority: 100
                          insecureSkipTLSVerify: true
                          service: {namespace: default, name: toys}
                        """.replace("PORT", String.valueOf(extension.port()))
                        .replace("ADDRESS", address)
                        .replace("GROUP", ExtensionServer.GROUP))
                .ok();
        plane.machine
                .kubectl("wait apiservice v1." + ExtensionServer.GROUP + " --for condition=Available --timeout 120s")
                .ok();
        // As with the original, what it serves is asked for beside that.
        Machine.eventually(
                "toys in discovery",
                Duration.ofMinutes(2),
                () -> plane.machine
                        .kubectl("api-resources --cached=false --api-group=" + ExtensionServer.GROUP)
                        .output()
                        .contains("toys"));
        make("bear");
    }

    @AfterAll
    static void stop() throws Exception {
        if (extension != null) extension.close();
        plane.close();
    }

    private static void make(String name) {
        plane.machine
                .kubectl(
                        "create --validate=false -f -",
                        "{apiVersion: " + ExtensionServer.GROUP + "/v1, kind: Toy, metadata: {name: " + name + "}}")
                .ok();
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void objectsAreWatched() throws Exception {
        var seen = plane.data.resolve("seen");
        var watch = plane.machine.start("kubectl get toys --watch --output name > " + seen);
        try {
            Machine.soon("what is there", () -> read(seen).contains("/bear\n"));
            make("kite");
            Machine.soon("what comes", () -> read(seen).contains("/kite\n"));
        } finally {
            watch.destroy();
            watch.waitFor();
        }
    }

    /// A cluster that stands somewhere below the API of another, as far as kubectl is concerned.
    private static String within(String toy, String line) {
        return "--cache-dir " + plane.data.resolve("cache") + " --server https://127.0.0.1:" + plane.port() + "/apis/"
                + ExtensionServer.GROUP + "/v1/namespaces/default/toys/" + toy + "/cluster " + line;
    }

    @Test
    void commandsRunInWhatIsThere() {
        var result = plane.machine.kubectl(within("bear", "exec --stdin bear -- shout"), "hello\n");
        assertThat(result.ok().output()).isEqualTo("kubernetes-admin\nHELLO\n");
        var failed = plane.machine.kubectl(within("bear", "exec bear -- exit 7"));
        assertThat(failed.code()).as(failed.output()).isEqualTo(7);
    }
}
