package io.navarch.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyRulesTest {
    private static View service(String name, String more) {
        return View.of(Yaml.parse("{metadata: {name: " + name
                + ", namespace: ns}, spec: {clusterIP: 10.96.0.9, type: NodePort, ports: [{port: 80, protocol: TCP, nodePort: 30080}]"
                + more + "}}"));
    }

    private static View slice(String name, String endpoints) {
        return View.of(Yaml.parse("{metadata: {namespace: ns, labels: {kubernetes.io/service-name: " + name
                + "}}, addressType: IPv4, ports: [{name: '', port: 8080}], endpoints: [" + endpoints + "]}"));
    }

    private static String endpoint(String address, String conditions) {
        return "{addresses: [" + address + "], nodeName: here, conditions: {" + conditions + "}}";
    }

    @Test
    void balancesOverReadyEndpointsAndMasqueradesHairpins() {
        var rules = ProxyRules.of(
                List.of(service("s", "")),
                List.of(slice("s", endpoint("10.0.0.1", "ready: true") + "," + endpoint("10.0.0.2", "ready: false"))),
                List.of(),
                "here");
        assertThat(rules.maps().get("services")).containsOnlyKeys("10.96.0.9 . tcp . 80");
        assertThat(rules.maps().get("nodeports")).containsOnlyKeys("tcp . 30080");
        var text = rules.changesFrom(Ruleset.EMPTY);
        assertThat(text)
                .contains("dnat to 10.0.0.1:8080")
                .doesNotContain("10.0.0.2")
                .contains("ip saddr 10.0.0.1 meta mark set");
    }

    @Test
    void rejectsWhereNobodyAnswersAndFallsBackToThoseThatLeave() {
        var none = ProxyRules.of(List.of(service("s", "")), List.of(), List.of(), "here");
        assertThat(none.maps().get("no-endpoints")).containsOnlyKeys("10.96.0.9 . tcp . 80");
        var leaving = ProxyRules.of(
                List.of(service("s", "")),
                List.of(slice("s", endpoint("10.0.0.1", "ready: false, serving: true, terminating: true"))),
                List.of(),
                "here");
        assertThat(leaving.maps().get("services")).isNotEmpty();
    }

    @Test
    void touchesOnlyWhatChanged() {
        var services = new ArrayList<View>();
        var slices = new ArrayList<View>();
        for (int i = 0; i < 200; i++) {
            services.add(View.of(Yaml.parse("{metadata: {name: s" + i + ", namespace: ns}, spec: {clusterIP: 10.96.1."
                    + i + ", ports: [{port: 80, protocol: TCP}]}}")));
            slices.add(slice("s" + i, endpoint("10.0.1." + i, "ready: true")));
        }
        var before = ProxyRules.of(services, slices, List.of(), "here");
        assertThat(ProxyRules.of(services, slices, List.of(), "here").changesFrom(before))
                .isEmpty();
        slices.set(7, slice("s7", endpoint("10.0.2.7", "ready: true")));
        var change = ProxyRules.of(services, slices, List.of(), "here").changesFrom(before);
        assertThat(change.lines().count()).isLessThan(10);
        assertThat(change).contains("10.0.2.7").doesNotContain("s8");
    }

    @Test
    void sessionAffinityRemembersClients() {
        var rules = ProxyRules.of(
                List.of(service("s", ", sessionAffinity: ClientIP")),
                List.of(slice("s", endpoint("10.0.0.1", "ready: true"))),
                List.of(),
                "here");
        assertThat(rules.sets()).hasSize(1);
        assertThat(rules.sets().values()).containsExactly(10800L);
    }
}
