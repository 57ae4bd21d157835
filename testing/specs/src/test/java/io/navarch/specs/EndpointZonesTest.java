package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Which zones endpoints are in, and which they are meant for.
class EndpointZonesTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> Workload.nodes(2));

    private static final Calls calls = new Calls(plane);

    @Test
    void endpointsSayWhereTheyAreAndForWhom() {
        var work = Workload.in(calls, "zones");
        calls.patch(
                "/api/v1/nodes/hollow-0000", Calls.MERGE, "{metadata: {labels: {topology.kubernetes.io/zone: north}}}");
        calls.post(
                work.core("services"),
                "{metadata: {name: s}, spec: {trafficDistribution: PreferSameZone, selector: {app: z}, ports: [{port: 80}]}}");
        calls.post(
                work.apps("replicasets"),
                "{metadata: {name: z}, spec: {replicas: 1, "
                        + Workload.template("z", ", nodeSelector: {kubernetes.io/hostname: hollow-0000}") + "}}");
        work.ready(1);
        var endpoint = calls.until(
                        "/apis/discovery.k8s.io/v1/namespaces/zones/endpointslices",
                        list -> list.get("items")
                                .at(0)
                                .get("endpoints")
                                .at(0)
                                .get("conditions", "ready")
                                .bool())
                .get("items")
                .at(0)
                .get("endpoints")
                .at(0);
        assertThat(endpoint.get("zone").string()).isEqualTo("north");
        assertThat(endpoint.get("hints", "forZones").at(0).get("name").string()).isEqualTo("north");
    }

    @Test
    void endpointsAreSpreadOverZonesByTheirProcessors() {
        var work = Workload.in(calls, "spread");
        var zones = List.of("north", "south");
        for (int i = 0; i < 2; i++)
            calls.patch(
                    "/api/v1/nodes/hollow-000" + i,
                    Calls.MERGE,
                    "{metadata: {labels: {topology.kubernetes.io/zone: " + zones.get(i) + "}}}");
        calls.post(
                work.core("services"),
                "{metadata: {name: s, annotations: {service.kubernetes.io/topology-mode: Auto}}, spec: {selector: {app: z}, ports: [{port: 80}]}}");
        // Three in one zone and one in the other, of the same size: one is lent.
        for (int i = 0; i < 4; i++)
            calls.post(
                    work.core("pods"),
                    "{metadata: {name: p" + i + ", labels: {app: z}}, spec: {nodeName: hollow-000" + (i / 3)
                            + ", containers: [{name: c, image: i}]}}");
        work.ready(4);
        calls.until(
                "/apis/discovery.k8s.io/v1/namespaces/spread/endpointslices",
                list -> list.get("items").at(0).get("endpoints").stream()
                        .map(endpoint -> endpoint.get("hints", "forZones")
                                .at(0)
                                .get("name")
                                .string())
                        .sorted()
                        .toList()
                        .equals(List.of("north", "north", "south", "south")));
        calls.until(
                work.core("events"),
                list -> list.get("items").stream()
                        .anyMatch(event -> event.get("reason").string().equals("TopologyAwareHintsEnabled")));
    }
}
