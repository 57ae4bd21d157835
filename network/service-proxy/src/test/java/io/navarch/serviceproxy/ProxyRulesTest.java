package io.navarch.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.EndpointSlice;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Yaml;
import io.navarch.serviceproxy.ProxyTable.Owner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyRulesTest {
    private static Service service(String name, String more) {
        return new Service(Yaml.parse("{metadata: {name: " + name
                + ", namespace: ns}, spec: {clusterIP: 10.96.0.9, type: NodePort, ports: [{port: 80, protocol: TCP, nodePort: 30080}]"
                + more + "}}"));
    }

    private static EndpointSlice slice(String name, String endpoints) {
        return new EndpointSlice(Yaml.parse("{metadata: {namespace: ns, labels: {kubernetes.io/service-name: " + name
                + "}}, addressType: IPv4, ports: [{name: '', port: 8080}], endpoints: [" + endpoints + "]}"));
    }

    private static String endpoint(String address, String conditions) {
        return "{addresses: [" + address + "], nodeName: here, conditions: {" + conditions + "}}";
    }

    private static Pod pod(String name, String address, String phase) {
        return new Pod(Yaml.parse("{metadata: {name: " + name
                + ", namespace: ns}, spec: {nodeName: here, containers: [{name: c, ports: [{containerPort: 80, hostPort: 8080}]}]}, status: {podIP: "
                + address + ", phase: " + phase + "}}"));
    }

    private static Owner owner(String name) {
        return new Owner(Resources.SERVICES, new ObjectKey("ns", name));
    }

    @Test
    void balancesOverReadyEndpointsAndMasqueradesHairpins() {
        var rules = ProxyRules.of(
                service("s", ""),
                List.of(slice("s", endpoint("10.0.0.1", "ready: true") + "," + endpoint("10.0.0.2", "ready: false"))),
                "here");
        assertThat(rules.keys("services")).containsOnly("10.96.0.9 . tcp . 80");
        assertThat(rules.keys("nodeports")).containsOnly("tcp . 30080");
        var text = rules.changesFrom(Ruleset.EMPTY);
        assertThat(text)
                .contains("dnat to 10.0.0.1:8080")
                .doesNotContain("10.0.0.2")
                .contains("ip saddr 10.0.0.1 meta mark set");
    }

    @Test
    void rejectsWhereNobodyAnswersAndFallsBackToThoseThatLeave() {
        var none = ProxyRules.of(service("s", ""), List.of(), "here");
        assertThat(none.keys("no-endpoints")).containsOnly("10.96.0.9 . tcp . 80");
        var leaving = ProxyRules.of(
                service("s", ""),
                List.of(slice("s", endpoint("10.0.0.1", "ready: false, serving: true, terminating: true"))),
                "here");
        assertThat(leaving.keys("services")).isNotEmpty();
    }

    @Test
    void touchesOnlyWhatChanged() {
        var table = new ProxyTable();
        var all = new HashMap<Owner, Ruleset>();
        for (int i = 0; i < 200; i++) {
            var each = new Service(Yaml.parse("{metadata: {name: s" + i + ", namespace: ns}, spec: {clusterIP: 10.96.1."
                    + i + ", ports: [{port: 80, protocol: TCP}]}}"));
            var slices = List.of(slice("s" + i, endpoint("10.0.1." + i, "ready: true")));
            all.put(owner("s" + i), ProxyRules.of(each, slices, "here"));
        }
        assertThat(table.replace(all)).contains("10.0.1.7").contains("10.0.1.8");
        assertThat(table.replace(all)).isEmpty();
        var seventh = new Service(
                Yaml.parse(
                        "{metadata: {name: s7, namespace: ns}, spec: {clusterIP: 10.96.1.7, ports: [{port: 80, protocol: TCP}]}}"));
        var moved = ProxyRules.of(seventh, List.of(slice("s7", endpoint("10.0.2.7", "ready: true"))), "here");
        var change = table.replace(Map.of(owner("s7"), moved));
        assertThat(change.lines().count()).isLessThan(10);
        assertThat(change).contains("10.0.2.7").doesNotContain("s8");
    }

    /// What the kernel is told when one endpoint of one Service changes.
    private static String told(int services) {
        var table = new ProxyTable();
        var all = new HashMap<Owner, Ruleset>();
        for (int i = 0; i < services; i++) all.put(owner("s" + i), rules(i, "10.0.0.1"));
        assertThat(table.replace(all)).isNotEmpty();
        return table.replace(Map.of(owner("s5"), rules(5, "10.0.0.2")));
    }

    private static Ruleset rules(int number, String endpoint) {
        var name = "s" + number;
        var service = Yaml.parse("{metadata: {name: " + name + ", namespace: ns}, spec: {clusterIP: 10.96."
                + (number >> 8) + "." + (number & 255) + ", ports: [{port: 80, protocol: TCP}]}}");
        return ProxyRules.of(new Service(service), List.of(slice(name, endpoint(endpoint, "ready: true"))), "here");
    }

    @Test
    void anEndpointThatChangesCostsTheKernelTheSameAmongAnyNumber() {
        assertThat(told(10)).contains("10.0.0.2").isEqualTo(told(10_000));
    }

    @Test
    void whatIsInTheTableIsTheSameHoweverItCameThere() {
        var table = new ProxyTable();
        var ready = List.of(slice("s", endpoint("10.0.0.1", "ready: true")));
        table.replace(Map.of(owner("s"), ProxyRules.of(service("s", ""), List.of(), "here")));
        table.replace(Map.of(owner("gone"), ProxyRules.of(service("gone", ""), ready, "here")));
        table.replace(Map.of(owner("s"), ProxyRules.of(service("s", ""), ready, "here")));
        table.replace(Map.of(owner("gone"), Ruleset.EMPTY));
        assertThat(table.all()).isEqualTo(ProxyRules.of(service("s", ""), ready, "here"));
    }

    @Test
    void anAddressThatTwoServicesWantStaysWithTheOneThatIsLeft() {
        var table = new ProxyTable();
        var slices = List.of(slice("s", endpoint("10.0.0.1", "ready: true")));
        var first = ProxyRules.of(service("a", ""), slices, "here");
        table.replace(Map.of(owner("a"), first, owner("b"), ProxyRules.of(service("b", ""), slices, "here")));
        var script = table.replace(Map.of(owner("b"), Ruleset.EMPTY));
        assertThat(script)
                .contains("delete element ip navarch services { 10.96.0.9 . tcp . 80 }")
                .contains("add element ip navarch services { 10.96.0.9 . tcp . 80 : goto svc-ns-a-");
        assertThat(table.all()).isEqualTo(first);
    }

    @Test
    void aServiceWithoutEndpointsRejectsUntilItHasSome() {
        var table = new ProxyTable();
        var none = table.replace(Map.of(owner("s"), ProxyRules.of(service("s", ""), List.of(), "here")));
        assertThat(none)
                .contains("add element ip navarch no-endpoints { 10.96.0.9 . tcp . 80 }")
                .contains("add element ip navarch no-endpoints-nodeports { tcp . 30080 }");
        var slices = List.of(slice("s", endpoint("10.0.0.1", "ready: true")));
        assertThat(table.replace(Map.of(owner("s"), ProxyRules.of(service("s", ""), slices, "here"))))
                .contains("delete element ip navarch no-endpoints { 10.96.0.9 . tcp . 80 }")
                .contains("add element ip navarch services { 10.96.0.9 . tcp . 80 : goto svc-ns-s-");
    }

    @Test
    void sessionAffinityRemembersClients() {
        var rules = ProxyRules.of(
                service("s", ", sessionAffinity: ClientIP"),
                List.of(slice("s", endpoint("10.0.0.1", "ready: true"))),
                "here");
        assertThat(rules.affinities()).hasSize(1);
        assertThat(rules.affinities().values()).containsExactly(10800);
    }

    @Test
    void localTrafficKeepsTheClientsAddressAndTheNode() {
        var rules = ProxyRules.of(
                service("s", ", externalTrafficPolicy: Local"),
                List.of(slice(
                        "s",
                        endpoint("10.0.0.1", "ready: true")
                                + ",{addresses: [10.0.0.2], nodeName: there, conditions: {ready: true}}")),
                "here");
        var local = rules.chains().keySet().stream()
                .filter(name -> name.startsWith("svl-"))
                .findFirst()
                .orElseThrow();
        assertThat(rules.chains().get(local))
                .containsExactly(new NftRule.Balance(rules.chains().keySet().stream()
                        .filter(name -> name.contains("10-0-0-1"))
                        .toList()));
        assertThat(rules.chains().values()).contains(List.of(new NftRule.Goto(local)));
    }

    @Test
    void hostPortsAreThoseOfRunningPodsOfThisNode() {
        var rules = ProxyRules.hostPorts(pod("p", "10.0.0.1", "Running"), "here");
        assertThat(rules.keys("hostports")).containsOnly("tcp . 8080");
        assertThat(rules.chains().values())
                .containsExactly(List.of(
                        new NftRule.Masquerade("10.0.0.1"),
                        new NftRule.Masquerade("127.0.0.0/8"),
                        new NftRule.Translate("", "tcp", "10.0.0.1", 80)));
        assertThat(ProxyRules.hostPorts(pod("p", "10.0.0.1", "Running"), "there"))
                .isEqualTo(Ruleset.EMPTY);
        assertThat(ProxyRules.hostPorts(pod("p", "10.0.0.1", "Succeeded"), "here"))
                .isEqualTo(Ruleset.EMPTY);
    }

    /// The same port of two of the node's addresses belongs to two pods.
    @Test
    void aHostPortOfOneAddressIsOnlyThat() {
        var pod = new Pod(
                Yaml.parse(
                        "{metadata: {name: p, namespace: ns}, spec: {nodeName: here, containers: [{name: c, ports: [{containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1}, {containerPort: 80, hostPort: 8081, hostIP: 0.0.0.0}]}]}, status: {podIP: 10.0.0.1, phase: Running}}"));
        var rules = ProxyRules.hostPorts(pod, "here");
        assertThat(rules.keys("addressed-hostports")).containsExactly("127.0.0.1 . tcp . 8080");
        assertThat(rules.keys("hostports")).containsExactly("tcp . 8081");
    }

    /// What is asked for of a Service's address, and is none of its ports, leads nowhere else.
    @Test
    void otherPortsOfAServicesAddressAreRefused() {
        assertThat(ProxyRules.of(service("s", ""), ready(), "here").keys("cluster-ips"))
                .containsExactly("10.96.0.9");
        assertThat(ProxyRules.of(service("s", ""), List.of(), "here").keys("cluster-ips"))
                .containsExactly("10.96.0.9");
    }

    private static List<EndpointSlice> ready() {
        return List.of(slice("s", endpoint("10.0.0.1", "ready: true")));
    }

    /// The kernel refuses a whole transaction for one address that is not of the table's family.
    @Test
    void addressesOfAnotherFamilyAreLeftOut() {
        var hostile = service("s", ", externalIPs: ['2001:db8::1', 198.51.100.1, '::ffff:198.51.100.2', junk]");
        var rules = ProxyRules.of(hostile, ready(), "here");
        assertThat(rules.keys("externals")).containsExactly("198.51.100.1 . tcp . 80");
        var six = new Service(
                Yaml.parse(
                        "{metadata: {name: s, namespace: ns}, spec: {clusterIP: 'fd00::1', ports: [{port: 80, protocol: TCP}]}}"));
        assertThat(ProxyRules.of(six, ready(), "here")).isEqualTo(Ruleset.EMPTY);
        var wrong = List.of(slice("s", endpoint("'fd00::2'", "ready: true") + "," + endpoint("junk", "ready: true")));
        assertThat(ProxyRules.of(service("s", ""), wrong, "here").changesFrom(Ruleset.EMPTY))
                .doesNotContain("fd00", "junk");
        var pod = new Pod(
                Yaml.parse(
                        "{metadata: {name: p, namespace: ns}, spec: {nodeName: here, containers: [{name: c, ports: [{containerPort: 80, hostPort: 8080, hostIP: '::1'}, {containerPort: 80, hostPort: 8081}]}]}, status: {podIP: 10.0.0.1, phase: Running}}"));
        assertThat(ProxyRules.hostPorts(pod, "here").keys("hostports")).containsExactly("tcp . 8081");
        assertThat(ProxyRules.hostPorts(pod("q", "'fd00::3'", "Running"), "here"))
                .isEqualTo(Ruleset.EMPTY);
    }

    /// Whoever asks for another's address from outside of the cluster does not get what is meant for that one, not
    /// even while nobody answers there.
    @Test
    void anExternalAddressNeverTakesAServicesOwn() {
        var table = new ProxyTable();
        var thief = new Service(
                Yaml.parse(
                        "{metadata: {name: z, namespace: zz}, spec: {clusterIP: 10.96.0.66, externalIPs: [10.96.0.9], ports: [{port: 80, protocol: TCP}]}}"));
        table.replace(Map.of(owner("z"), ProxyRules.of(thief, ready(), "here")));
        table.replace(Map.of(owner("s"), ProxyRules.of(service("s", ""), ready(), "here")));
        assertThat(table.all().elements().get(new Ruleset.Element("services", "10.96.0.9 . tcp . 80")))
                .startsWith("svc-ns-s-");
        table.replace(Map.of(owner("s"), ProxyRules.of(service("s", ""), List.of(), "here")));
        assertThat(table.all().elements().get(new Ruleset.Element("services", "10.96.0.9 . tcp . 80")))
                .isEqualTo("nobody");
        var made = new NftTable("10.0.0.0/24", "10.0.0.0/16").made(table.all());
        assertThat(made.indexOf("vmap @services")).isLessThan(made.indexOf("vmap @externals"));
    }

    /// Names that only differ where their chain's name does not show it must not share the chain.
    @Test
    void noTwoServicesShareAChain() {
        var tail = "x".repeat(60);
        var names = new HashMap<String, String>();
        for (var each : List.of(
                List.of("a-b", "c" + tail + "c0"),
                List.of("a", "b-c" + tail + "c0"),
                List.of("a-b", "c" + tail + "an"))) {
            var service = new Service(Yaml.parse("{metadata: {namespace: " + each.getFirst() + ", name: "
                    + each.getLast() + "}, spec: {clusterIP: 10.96.0.9, ports: [{port: 80, protocol: TCP}]}}"));
            for (var chain : ProxyRules.of(service, ready(), "here").chains().keySet())
                assertThat(names.put(chain, each.toString())).as(chain).isNull();
        }
    }

    @Test
    void whatTheKernelRefusesIsTakenOutAlone() {
        var table = new ProxyTable();
        var fine = ProxyRules.of(service("fine", ""), ready(), "here");
        var bad = ProxyRules.of(
                new Service(
                        Yaml.parse(
                                "{metadata: {name: bad, namespace: ns}, spec: {clusterIP: 10.96.0.10, ports: [{port: 80, protocol: TCP}]}}")),
                ready(),
                "here");
        table.replace(Map.of(owner("fine"), fine, owner("bad"), bad));
        assertThat(table.withdraw(bad::equals)).containsExactly(owner("bad"));
        assertThat(table.all()).isEqualTo(fine);
        assertThat(table.replace(Map.of(owner("bad"), bad))).contains("10.96.0.10");
    }
}
