package io.navarch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Ingress;
import io.navarch.objects.Yaml;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingTableTest {
    private static String path(String path, String type, String service) {
        return "{path: " + path + ", pathType: " + type + ", backend: {service: {name: " + service
                + ", port: {number: 80}}}}";
    }

    private final RoutingTable table = RoutingTable.of(
            List.of(new Ingress(
                    Yaml.parse("{metadata: {name: i, namespace: ns, creationTimestamp: '2026-01-01T00:00:00Z'}, spec: {"
                            + "defaultBackend: {service: {name: fallback, port: {number: 80}}}, rules: ["
                            + "{host: a.example, http: {paths: [" + path("/", "Prefix", "root") + ","
                            + path("/api", "Prefix", "api") + "," + path("/api", "Exact", "exact") + "]}},"
                            + "{host: '*.wild.example', http: {paths: [" + path("/", "Prefix", "wild") + "]}}]}}"))),
            Set.of("navarch"),
            true);

    @ParameterizedTest
    @CsvSource({
        "a.example,/,root",
        "a.example,/apiary,root",
        "a.example,/api,exact",
        "a.example,/api/x,api",
        "x.wild.example,/y,wild",
        "x.y.wild.example,/,fallback",
        "wild.example,/,fallback",
        "other,/,fallback"
    })
    void theMostParticularRouteWins(String host, String path, String service) {
        assertThat(table.find(host, path).orElseThrow().service().name()).isEqualTo(service);
    }

    @Test
    void ingressesOfOtherClassesAreLeftAlone() {
        var other = new Ingress(
                Yaml.parse(
                        "{metadata: {name: i, namespace: ns}, spec: {ingressClassName: nginx, defaultBackend: {service: {name: s, port: {number: 80}}}}}"));
        assertThat(RoutingTable.of(List.of(other), Set.of("navarch"), true).find("x", "/"))
                .isEmpty();
    }

    @Test
    void nobodyShowsACertificateForAHostThatIsAnothersByName() {
        var older = ingress("{metadata: {name: a, namespace: bad, creationTimestamp: '2026-01-01T00:00:00Z'}, spec: "
                + "{tls: [{secretName: any}, {hosts: ['*.example'], secretName: wild}]}}");
        var newer = ingress("{metadata: {name: b, namespace: good, creationTimestamp: '2026-02-01T00:00:00Z'}, spec: "
                + "{tls: [{hosts: [bank.example], secretName: own}]}}");
        var certificates =
                RoutingTable.of(List.of(older, newer), Set.of(), true).certificates();
        assertThat(certificates.stream().filter(each -> each.covers("bank.example")))
                .extracting(each -> each.secret().name())
                .containsExactly("own", "wild", "any");
    }

    private static Ingress ingress(String yaml) {
        return new Ingress(Yaml.parse(yaml));
    }
}
