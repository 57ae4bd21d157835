package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.http.EventLoops;
import io.navarch.http.HttpServer;
import io.navarch.http.Tls;
import io.navarch.join.CertificateOrder;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.FreshKey;
import io.navarch.kinds.certificatesigningrequest.Signers;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A kubelet that is not ours says in plain text why there are no logs.
class KubeletRefusalTest {
    @RegisterExtension
    static final PlaneUnderTest plane =
            new PlaneUnderTest(() -> new String[] {"--controllers", "*,kubelet-serving-approver"});

    private final Calls calls = new Calls(plane);

    @Test
    void aRefusalInPlainTextBecomesAStatus() throws Exception {
        calls.post("/api/v1/nodes", "{metadata: {name: stock}}");
        var names = new AlternativeNames(List.of("stock"), List.of("127.0.0.1"), List.of(), List.of());
        var key = FreshKey.of(new SecureRandom(), "system:node:stock", List.of("system:nodes"), names);
        var node = plane.as("system:node:stock", "system:nodes", "system:authenticated");
        var order = new CertificateOrder(node, InstantSource.system());
        var placed = order.place("csr-", key, Signers.KUBELET_SERVING, FreshKey.SERVER_USAGES, Duration.ZERO);
        try (var loops = new EventLoops(1)) {
            // Only now the cluster knows that the address is the node's; then it is approved.
            plane.client.mergePatch(
                    Resources.NODES,
                    new ObjectKey("", "stock"),
                    "status",
                    PlaneUnderTest.yaml("{status: {addresses: [{type: InternalIP, address: 127.0.0.1}]}}"));
            var certificate = order.await(placed, Duration.ofSeconds(30));
            var tls = Tls.server(certificate, key.key());
            var kubelet = HttpServer.secure(
                    loops,
                    new InetSocketAddress("127.0.0.1", 0),
                    name -> tls,
                    exchange ->
                            exchange.respond(400, "text/plain", "waiting to start".getBytes(StandardCharsets.UTF_8)));
            try {
                int port = kubelet.port();
                plane.client.mergePatch(
                        Resources.NODES,
                        new ObjectKey("", "stock"),
                        "status",
                        PlaneUnderTest.yaml("{status: {daemonEndpoints: {kubeletEndpoint: {Port: " + port + "}}}}"));
                calls.post(
                        "/api/v1/namespaces/default/pods",
                        "{metadata: {name: p}, spec: {nodeName: stock, containers: [{name: c, image: i}]}}");
                var refused = calls.send("GET", "/api/v1/namespaces/default/pods/p/log", "", null)
                        .expect(400);
                assertThat(refused.get("kind").string()).isEqualTo("Status");
                assertThat(refused.get("message").string()).isEqualTo("waiting to start");
            } finally {
                kubelet.close();
            }
        }
    }
}
