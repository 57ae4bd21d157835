package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.lifecycle.VersionCommand.Told;
import io.navarch.client.Client;
import io.navarch.client.Transport;
import io.navarch.objects.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionCommandTest {
    @Test
    void serverAndNodesAreAsked() {
        var client = new Client(
                (method, uri, type, body) -> new Transport.Response(
                        200,
                        new ByteArrayInputStream((uri.equals("/version") ? "{\"gitVersion\":\"v1.36.0\"}" : """
                                {"items": [{"metadata": {"name": "one"}, "status": {"nodeInfo":
                                  {"kubeletVersion": "v1.35.1", "containerRuntimeVersion": "containerd://2.0"}}}]}
                                """)
                                .getBytes(StandardCharsets.UTF_8)),
                        () -> {}),
                "test");
        var told = VersionCommand.told("v1.36.1", client, "embedded, format 2");
        assertThat(told.lines())
                .containsExactly(
                        "client: v1.36.1",
                        "server: v1.36.0",
                        "node:   one v1.35.1, containerd://2.0",
                        "store:  embedded, format 2");
        assertThat(Json.writeString(told.json()))
                .contains("\"client\":\"v1.36.1\"", "\"version\":\"v1.35.1\"", "\"store\":\"embedded, format 2\"");
    }

    @Test
    void whoMayNotSeeNodesIsToldOfTheServer() {
        var client = new Client(
                (method, uri, type, body) -> {
                    boolean version = uri.equals("/version");
                    var answer = version
                            ? "{\"gitVersion\":\"v1.36.0\"}"
                            : "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":\"may not\"}";
                    return new Transport.Response(
                            version ? 200 : 403,
                            new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
                            () -> {});
                },
                "test");
        assertThat(VersionCommand.told("v1.36.1", client, "").lines())
                .containsExactly(
                        "client: v1.36.1", "server: v1.36.0", "nodes:  not seen: may not", "store:  none here");
    }

    @Test
    void aStoreThatCannotBeReadDoesNotEndIt(@TempDir Path data) throws Exception {
        Files.createDirectory(data.resolve("store"));
        Files.writeString(data.resolve("store/FORMAT"), "navarch-store 2 x");
        Files.writeString(data.resolve("FORMAT"), "broken");
        assertThat(VersionCommand.store(data)).startsWith("embedded; its format cannot be told: " + data + "/FORMAT");
    }

    @Test
    void whatCannotBeReachedIsSaid() {
        assertThat(new Told("v1", "", "no file", List.of(), "", "").lines())
                .containsExactly("client: v1", "server: not reachable: no file", "store:  none here");
    }
}
