package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.http.EventLoops;
import io.navarch.model.WebhookClientConfig;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Webhooks that are services of the cluster: whoever may write a Service says where they are.
class WebhooksTest {
    private final EventLoops loops = new EventLoops(1);
    private ServerSocket own;

    @BeforeEach
    void listen() throws IOException {
        own = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        own.close();
        loops.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "169.254.169.254", "::1"})
    void noServiceLeadsToThisMachine(String name) throws IOException {
        var place = Webhooks.place(WebhookClientConfig.of(
                View.of(Yaml.parse("{service: {namespace: ns, name: hook, port: 443, path: /x}}"))));
        try (var webhooks = new Webhooks(loops, (n, s, port) -> new Webhooks.Address(name, own.getLocalPort()))) {
            assertThatThrownBy(() -> webhooks.ask(place, Map.of("kind", "Review"), Duration.ofSeconds(20)))
                    .isInstanceOf(ReviewFailedException.class)
                    .hasMessageContaining("Post \"https://hook.ns.svc:443/x?timeout=20s\": ")
                    .hasMessageContaining("address not allowed");
        }
        own.setSoTimeout(1);
        assertThatThrownBy(own::accept).as("Nobody has called.").isInstanceOf(SocketTimeoutException.class);
    }
}
