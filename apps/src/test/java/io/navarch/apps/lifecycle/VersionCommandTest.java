package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.lifecycle.VersionCommand.Told;
import io.navarch.client.Client;
import io.navarch.client.Transport;
import io.navarch.objects.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

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
    void whatCannotBeReachedIsSaid() {
        assertThat(new Told("v1", "", "no file", List.of(), "").lines())
                .containsExactly("client: v1", "server: not reachable: no file", "store:  none here");
    }
}
