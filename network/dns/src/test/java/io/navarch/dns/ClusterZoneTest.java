package io.navarch.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.dns.ClusterZone.Answer;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Service;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterZoneTest {
    private static final Map<String, String> SERVICES = Map.of(
            "web", "{clusterIP: 10.96.0.5, ports: [{name: http, port: 80, protocol: TCP}]}",
            "db", "{clusterIP: None, ports: [{name: sql, port: 5432, protocol: TCP}]}",
            "out", "{type: ExternalName, externalName: example.org}");

    private static final EndpointSlice SLICE = new EndpointSlice(
            Yaml.parse(
                    "{metadata: {name: db-x, namespace: 'n', labels: {kubernetes.io/service-name: db}}, ports: [{name: sql, port: 5432, protocol: TCP}], endpoints: [{addresses: [10.0.0.1], hostname: db-0}, {addresses: [10.0.0.2], conditions: {ready: false}}, {addresses: [10.0.0.3]}]}"));

    private final ClusterZone zone = new ClusterZone("cluster.local", new ClusterZone.Source() {
        @Override
        public Service service(ObjectKey key) {
            var spec = key.namespace().equals("n") ? SERVICES.get(key.name()) : null;
            return spec == null
                    ? Service.ABSENT
                    : new Service(
                            Yaml.parse("{metadata: {name: " + key.name() + ", namespace: 'n'}, spec: " + spec + "}"));
        }

        @Override
        public List<EndpointSlice> slices(ObjectKey service) {
            return List.of(SLICE);
        }

        @Override
        public List<Service> servicesAt(String address) {
            return address.equals("10.96.0.5") ? List.of(service(new ObjectKey("n", "web"))) : List.of();
        }

        @Override
        public List<EndpointSlice> slicesAt(String address) {
            return address.startsWith("10.0.0.") ? List.of(SLICE, SLICE) : List.of();
        }

        @Override
        public boolean namespace(String name) {
            return name.equals("n");
        }
    });

    @Test
    void answersByTheSpecification() {
        assertThat(zone.lookup("web.n.svc.cluster.local").orElseThrow())
                .containsExactly(new Answer.Address("10.96.0.5"));
        assertThat(zone.lookup("WEB.n.svc.cluster.local").orElseThrow())
                .containsExactly(new Answer.Address("10.96.0.5"));
        assertThat(zone.lookup("_http._tcp.web.n.svc.cluster.local").orElseThrow())
                .containsExactly(new Answer.Location(80, "web.n.svc.cluster.local", "10.96.0.5"));
        assertThat(zone.lookup("db.n.svc.cluster.local").orElseThrow())
                .containsExactly(new Answer.Address("10.0.0.1"), new Answer.Address("10.0.0.3"));
        assertThat(zone.lookup("db-0.db.n.svc.cluster.local").orElseThrow())
                .containsExactly(new Answer.Address("10.0.0.1"));
        assertThat(zone.lookup("_sql._tcp.db.n.svc.cluster.local").orElseThrow())
                .hasSize(2);
        assertThat(zone.lookup("out.n.svc.cluster.local").orElseThrow())
                .containsExactly(new Answer.Alias("example.org"));
        assertThat(zone.lookup("10-0-0-1.n.pod.cluster.local").orElseThrow())
                .containsExactly(new Answer.Address("10.0.0.1"));
    }

    @Test
    void tellsNoSuchNameFromNothingThere() {
        assertThat(zone.lookup("nope.n.svc.cluster.local")).isEmpty();
        assertThat(zone.lookup("web.other.svc.cluster.local")).isEmpty();
        assertThat(zone.lookup("n.svc.cluster.local")).contains(List.of());
        assertThat(zone.lookup("x.web.n.svc.cluster.local")).isEmpty();
        assertThat(zone.lookup("999-0-0-1.n.pod.cluster.local")).isEmpty();
    }

    @Test
    void addressesHaveTheNamesOfTheirServiceOrEndpoints() {
        assertThat(zone.names("10.96.0.5")).containsExactly("web.n.svc.cluster.local");
        assertThat(zone.names("10.0.0.1")).containsExactly("db-0.db.n.svc.cluster.local");
        assertThat(zone.names("10.0.0.3")).containsExactly("10-0-0-3.db.n.svc.cluster.local");
        assertThat(zone.names("10.0.0.2")).as("not ready").isEmpty();
        assertThat(zone.names("10.0.0.4")).isEmpty();
        assertThat(zone.names("10.96.0.6")).isEmpty();
    }
}
