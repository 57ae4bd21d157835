package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Conformance specs of kubectl that need no node.
class KubectlSpecsTest {
    private static ControlPlaneAlone plane;

    @BeforeAll
    static void start() throws Exception {
        plane = new ControlPlaneAlone();
    }

    @AfterAll
    static void stop() throws Exception {
        plane.close();
    }

    @Test
    @DisplayName("[sig-cli] Kubectl client Kubectl api-versions should check if v1 is in available api versions")
    void apiVersions() {
        assertThat(plane.machine.kubectl("api-versions").ok().output().lines()).contains("v1");
    }

    @Test
    @DisplayName("[sig-cli] Kubectl client Kubectl version should check is all data is printed")
    void version() {
        assertThat(plane.machine.kubectl("version").ok().output()).contains("Client Version", "Server Version");
    }

    @Test
    @DisplayName("[sig-cli] Kubectl client Proxy server should support proxy with --port 0")
    void proxyOnAnyPort() {
        var answer = plane.machine.shell("""
                log=$(mktemp)
                kubectl proxy --port=0 --disable-filter=true > "$log" & proxy=$!
                trap 'kill $proxy; rm -f "$log"' EXIT
                until port=$(sed -n 's/.*127.0.0.1:\\([0-9]*\\).*/\\1/p' "$log") && [ -n "$port" ]; do sleep 0.1; done
                curl -s "http://127.0.0.1:$port/api/"
                """);
        assertThat(answer.ok().output()).contains("\"kind\":\"APIVersions\"");
    }

    @Test
    @DisplayName("[sig-cli] Kubectl client Proxy server should support --unix-socket=/path")
    void proxyOnASocket() {
        Path socket = plane.data.resolve("proxy.sock");
        var answer = plane.machine.shell("""
                kubectl proxy --unix-socket=SOCKET > /dev/null & proxy=$!
                trap 'kill $proxy' EXIT
                until [ -S SOCKET ]; do sleep 0.1; done
                curl -s --unix-socket SOCKET http://localhost/api/
                """.replace("SOCKET", socket.toString()));
        assertThat(answer.ok().output()).contains("\"kind\":\"APIVersions\"");
    }
}
