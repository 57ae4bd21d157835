package io.navarch.kinds.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.kinds.node.NodeAgents;
import io.navarch.kinds.service.ServiceProxy;
import io.navarch.kinds.support.ObjectsInMemory;
import io.navarch.objects.ApiException;
import io.navarch.schema.subresource.Connector;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// Where connections to pods, services and nodes lead.
class PodConnectionsTest {
    private static final Connector.Host AGENT = new Connector.Host("10.0.0.7", 10250, true);

    private final ObjectsInMemory objects = new ObjectsInMemory()
            .with("nodes", """
                    metadata: {name: n1}
                    status: {addresses: [{type: Hostname, address: n1}, {type: InternalIP, address: 10.0.0.7}]}
                    """)
            .with("pods", """
                    metadata: {name: web, namespace: a}
                    spec: {nodeName: n1, containers: [{name: main, ports: [{containerPort: 8080}]}]}
                    status: {podIP: 10.1.0.5}
                    """)
            .with("pods", """
                    metadata: {name: two, namespace: a}
                    spec: {nodeName: n1, containers: [{name: main}, {name: side}], initContainers: [{name: first}]}
                    """)
            .with("pods", "{metadata: {name: waiting, namespace: a}, spec: {containers: [{name: main}]}}");

    private static Connector.Request request(String name, Map<String, List<String>> query) {
        return new Connector.Request("a", name, query);
    }

    private static Connector.Request request(String name) {
        return request(name, Map.of());
    }

    @Test
    void logsAreFetchedFromTheAgentWithTheirOptions() {
        var query = Map.of("follow", List.of("true"), "tailLines", List.of("5"), "pretty", List.of("1"));
        assertThat(PodConnections.log(request("web", query), objects))
                .isEqualTo(new Connector.Fetch(AGENT, "/containerLogs/a/web/main?follow=true&tailLines=5"));
        assertThat(PodConnections.log(request("web"), objects))
                .isEqualTo(new Connector.Fetch(AGENT, "/containerLogs/a/web/main"));
    }

    @Test
    void theAgentIsToldWhatWasUnderstoodAndNotWhatWasSent() {
        var query = Map.of(
                "follow", List.of("0"),
                "previous", List.of("FALSE"),
                "timestamps", List.of(""),
                "sinceTime", List.of("2026-01-01T01:00:00+01:00"),
                "tailLines", List.of("+007"));
        assertThat(PodConnections.log(request("web", query), objects))
                .isEqualTo(new Connector.Fetch(
                        AGENT, "/containerLogs/a/web/main?timestamps=true&sinceTime=2026-01-01T00:00:00Z&tailLines=7"));
        for (var wrong : Map.of(
                        "tailLines", "x&previous=true",
                        "limitBytes", "",
                        "sinceSeconds", "9223372036854775808",
                        "sinceTime", "now")
                .entrySet())
            assertThatThrownBy(() -> PodConnections.log(
                            request("web", Map.of(wrong.getKey(), List.of(wrong.getValue()))), objects))
                    .as(wrong.getKey())
                    .asInstanceOf(InstanceOfAssertFactories.type(ApiException.class))
                    .satisfies(error -> assertThat(error.code()).isEqualTo(400));
    }

    @Test
    void aNodeThatIsThisMachineIsNotCalledForOthers() {
        for (var address : List.of("127.0.0.1", "169.254.169.254", "::1", "0.0.0.0", "localhost", "")) {
            objects.with(
                    "nodes",
                    "{metadata: {name: near}, status: {addresses: [{type: InternalIP, address: '" + address
                            + "'}], daemonEndpoints: {kubeletEndpoint: {Port: 6443}}}}");
            assertThatThrownBy(() -> NodeAgents.proxy(new Connector.Request("", "near", Map.of()), objects))
                    .as(address)
                    .hasMessage("address not allowed");
        }
    }

    @Test
    void whatNamesNothingIsRefused() {
        for (var name : List.of(":", "::", ":80", "http::80", "ftp:web:80", "http:web:80:1", "::web:")) {
            assertThatThrownBy(() -> PodConnections.proxy(request(name), objects))
                    .as(name)
                    .hasMessage("invalid pod request \"" + name + "\"");
            assertThatThrownBy(() -> new ServiceProxy().connect(request(name), objects))
                    .hasMessage("invalid service request \"" + name + "\"");
            assertThatThrownBy(() -> NodeAgents.proxy(request(name), objects))
                    .hasMessage("invalid node request \"" + name + "\"");
        }
    }

    @Test
    void commandsAndStreamsAreNamedAsTheKubeletDoes() {
        var query = Map.of(
                "container", List.of("side"),
                "stdin", List.of("true"),
                "stdout", List.of("1"),
                "stderr", List.of("false"),
                "command", List.of("ls", "a b"));
        assertThat(PodConnections.exec(request("two", query), objects))
                .isEqualTo(new Connector.Upgrade(AGENT, "/exec/a/two/side?input=1&output=1&command=ls&command=a+b"));
        assertThat(PodConnections.attach(request("web"), objects))
                .isEqualTo(new Connector.Upgrade(AGENT, "/attach/a/web/main"));
    }

    @Test
    void portsAreForwardedTogether() {
        assertThat(PodConnections.portForward(request("web", Map.of("ports", List.of("80", "443"))), objects))
                .isEqualTo(new Connector.Upgrade(AGENT, "/portForward/a/web?port=80,443"));
    }

    @Test
    void aContainerMustBeNamedWhereThereAreSeveral() {
        assertThatThrownBy(() -> PodConnections.log(request("two"), objects))
                .isInstanceOf(ApiException.class)
                .hasMessage("a container name must be specified for pod two, choose one of: [main, side]");
        assertThatThrownBy(() -> PodConnections.log(request("two", Map.of("container", List.of("x"))), objects))
                .hasMessage("container x is not valid for pod two");
        assertThat(PodConnections.log(request("two", Map.of("container", List.of("first"))), objects))
                .isEqualTo(new Connector.Fetch(AGENT, "/containerLogs/a/two/first"));
    }

    @Test
    void whatHasNoNodeHasNoLog() {
        assertThat(PodConnections.log(request("waiting"), objects)).isEqualTo(new Connector.Nothing());
    }

    @Test
    void thereMustBeAPodOnANode() {
        assertThatThrownBy(() -> PodConnections.log(request("gone"), objects)).hasMessage("pods \"gone\" not found");
        assertThatThrownBy(() -> PodConnections.exec(request("waiting"), objects))
                .hasMessage("pod waiting does not have a host assigned");
    }

    @Test
    void proxiedCallsGoToThePortThatIsNamedOrTheFirst() {
        assertThat(PodConnections.proxy(request("web"), objects))
                .isEqualTo(new Connector.Forward(new Connector.Host("10.1.0.5", 8080, false)));
        assertThat(PodConnections.proxy(request("web:9"), objects))
                .isEqualTo(new Connector.Forward(new Connector.Host("10.1.0.5", 9, false)));
        assertThat(PodConnections.proxy(request("http:web:9"), objects))
                .isEqualTo(new Connector.Forward(new Connector.Host("10.1.0.5", 9, false)));
        assertThat(PodConnections.proxy(request("https:web:9"), objects))
                .isEqualTo(new Connector.Forward(new Connector.Host("10.1.0.5", 9, Connector.Way.SECURE)));
        assertThatThrownBy(() -> PodConnections.proxy(request("web:x"), objects))
                .hasMessage("invalid port \"x\"");
        assertThatThrownBy(() -> PodConnections.proxy(request("two"), objects)).hasMessage("address not allowed");
    }

    @Test
    void onlyPortsAreForwarded() {
        for (var wrong : List.of("0", "65536", "80&x=1", "80/../..", "-1", "99999999999"))
            assertThatThrownBy(() ->
                            PodConnections.portForward(request("web", Map.of("ports", List.of(wrong))), objects))
                    .as(wrong)
                    .hasMessageContaining("invalid port");
    }

    @Test
    void aNodesApiIsItsAgents() {
        assertThat(NodeAgents.proxy(new Connector.Request("", "n1:10250", Map.of()), objects))
                .isEqualTo(new Connector.Forward(AGENT));
    }

    @Test
    void aServiceIsCalledThroughAReadyEndpoint() {
        objects.with("services", """
                        metadata: {name: web, namespace: a}
                        spec: {ports: [{name: http, port: 80}, {name: admin, port: 81}]}
                        """).with("endpointslices", """
                        metadata: {name: web-1, namespace: a, labels: {kubernetes.io/service-name: web}}
                        ports: [{name: http, port: 8080}]
                        endpoints:
                        - {addresses: [10.1.0.4], conditions: {ready: false}}
                        - {addresses: [10.1.0.5], conditions: {ready: true}}
                        - {addresses: [10.1.0.6], targetRef: {kind: Pod, namespace: a, name: web}}
                        - {addresses: [10.1.0.5], targetRef: {kind: Pod, namespace: b, name: web}}
                        - {addresses: [10.1.0.5], targetRef: {kind: Pod, namespace: a, name: web}}
                        """);
        var proxy = new ServiceProxy();
        var ready = new Connector.Forward(new Connector.Host("10.1.0.5", 8080, false));
        assertThat(proxy.connect(request("web"), objects)).isEqualTo(ready);
        assertThat(proxy.connect(request("web:http"), objects)).isEqualTo(ready);
        assertThat(proxy.connect(request("web:80"), objects)).isEqualTo(ready);
        assertThatThrownBy(() -> proxy.connect(request("web:admin"), objects))
                .hasMessage("no endpoints available for service \"web\"");
    }
}
