package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Resources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A thousand clients that are slow in every way keep nobody else from being served.
class SlowClientsTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    /// How a handshake of TLS begins.
    private static final byte[] HALF_A_HELLO = HexFormat.of().parseHex("16030100c8010000c40303");

    private static final String HEAD = "Host: a\r\nAuthorization: Bearer " + PlaneUnderTest.TOKEN + "\r\n";

    private static void plain(List<Socket> open, int count, byte[] said) throws IOException {
        for (int i = 0; i < count; i++) {
            var socket = new Socket(InetAddress.getLoopbackAddress(), plane.plane.port());
            open.add(socket);
            socket.getOutputStream().write(said);
        }
    }

    private static void secret(List<Socket> open, SSLContext tls, int count, String said) throws IOException {
        for (int i = 0; i < count; i++) {
            var socket = tls.getSocketFactory().createSocket("127.0.0.1", plane.plane.port());
            open.add(socket);
            socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void whoeverIsSlowWaitsForHimself() throws IOException {
        var tls = PlaneUnderTest.trusting(plane.authority());
        for (int i = 0; i < 20; i++)
            plane.client.create(
                    Resources.CONFIG_MAPS.untyped(),
                    Map.of(
                            "metadata", Map.of("name", "large" + i, "namespace", "default"),
                            "data", Map.of("a", "x".repeat(500_000))));
        var open = new ArrayList<Socket>();
        try {
            plain(open, 350, new byte[0]);
            plain(open, 350, HALF_A_HELLO);
            secret(open, tls, 100, "GET /api/v1/pods HTTP/1.1\r\nHost: ");
            var post = "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\n" + HEAD;
            secret(open, tls, 100, post + "Content-Length: 1000000\r\n\r\n{\"a\":");
            // Lists of 10 MB that nobody reads.
            secret(open, tls, 100, "GET /api/v1/configmaps HTTP/1.1\r\n" + HEAD + "\r\n");
            for (int i = 0; i < 20; i++) {
                assertThat(plane.http("GET", "/api/v1/namespaces/default", null).statusCode())
                        .isEqualTo(200);
                var patch = ("{\"metadata\":{\"labels\":{\"n\":\"" + i + "\"}}}").getBytes(StandardCharsets.US_ASCII);
                var type = "application/merge-patch+json";
                assertThat(plane.http("PATCH", "/api/v1/namespaces/default", patch, "Content-Type", type)
                                .statusCode())
                        .isEqualTo(200);
            }
        } finally {
            for (var socket : open) socket.close();
        }
    }
}
