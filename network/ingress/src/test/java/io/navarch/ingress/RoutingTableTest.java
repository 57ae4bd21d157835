package io.navarch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Ingress;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTableTest {
    private static String path(String path, String type, String service) {
        return "{path: " + path + ", pathType: " + type + ", backend: {service: {name: " + service
                + ", port: {number: 80}}}}";
    }

    private static RoutingTable table(Set<String> classes, Ingress... ingresses) {
        var table = new RoutingTable(classes, true);
        for (var ingress : ingresses) table.put(ingress.key(), ingress);
        return table;
    }

    private final RoutingTable table = table(
            Set.of("navarch"),
            new Ingress(
                    Yaml.parse("{metadata: {name: i, namespace: ns, creationTimestamp: '2026-01-01T00:00:00Z'}, spec: {"
                            + "defaultBackend: {service: {name: fallback, port: {number: 80}}}, rules: ["
                            + "{host: a.example, http: {paths: [" + path("/", "Prefix", "root") + ","
                            + path("/api", "Prefix", "api") + "," + path("/api", "Exact", "exact") + "]}},"
                            + "{host: '*.wild.example', http: {paths: [" + path("/", "Prefix", "wild") + "]}}]}}")));

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
        assertThat(table(Set.of("navarch"), other).find("x", "/")).isEmpty();
    }

    @Test
    void nobodyShowsACertificateForAHostThatIsAnothersByName() {
        var older = ingress("{metadata: {name: a, namespace: bad, creationTimestamp: '2026-01-01T00:00:00Z'}, spec: "
                + "{tls: [{secretName: any}, {hosts: ['*.example'], secretName: wild}]}}");
        var newer = ingress("{metadata: {name: b, namespace: good, creationTimestamp: '2026-02-01T00:00:00Z'}, spec: "
                + "{tls: [{hosts: [bank.example], secretName: own}]}}");
        assertThat(table(Set.of(), older, newer).certificates("bank.example"))
                .extracting(each -> each.secret().name())
                .containsExactly("own", "wild", "any");
    }

    private static Ingress one(int number, String host, String paths) {
        var created = Instant.EPOCH.plusSeconds(number * 7919L % 10_007);
        return ingress("{metadata: {name: i" + number + ", namespace: ns, creationTimestamp: '" + created
                + "'}, spec: {tls: [{hosts: ['" + host + "'], secretName: s" + number + "}], rules: [{host: '" + host
                + "', http: {paths: [" + paths + "]}}]}}");
    }

    /// How often two parts are compared when one Ingress of many changes.
    private static long cost(int count, IntFunction<String> host) {
        var table = new RoutingTable(Set.of(), true);
        for (int i = 0; i < count; i++) {
            var ingress = one(i, host.apply(i), path("/" + i, "Prefix", "a"));
            table.put(ingress.key(), ingress);
        }
        long before = table.steps();
        var changed = one(5, host.apply(5), path("/5", "Prefix", "b"));
        assertThat(table.put(changed.key(), changed)).containsExactly(new ObjectKey("ns", "s5"));
        assertThat(table.find(host.apply(5), "/5/x").orElseThrow().service().name())
                .isEqualTo("b");
        // As its status changes, nothing is done.
        long after = table.steps();
        assertThat(table.put(changed.key(), changed)).isEmpty();
        assertThat(table.steps()).isEqualTo(after);
        return after - before;
    }

    @Test
    void aChangeCostsTheSameAmongAnyNumber() {
        assertThat(cost(10_000, i -> "h" + i + ".example")).isEqualTo(cost(10, i -> "h" + i + ".example"));
        // With one host for all, as much as a tree has levels.
        assertThat(cost(10_000, i -> "h.example")).isLessThan(10 * cost(10, i -> "h.example"));
    }

    /// Whatever came and went before, the table is that of the Ingresses that there are.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theOrderInWhichTheyComeDoesNotMatter(long seed) {
        var random = new Random(seed);
        var hosts = List.of("a.example", "*.example", "b.a.example", "");
        var paths = List.of("/", "/a", "/a/", "/a/b", "/b");
        var table = new RoutingTable(Set.of(), true);
        var there = new HashMap<ObjectKey, Ingress>();
        for (int i = 0; i < 500; i++) {
            var host = hosts.get(random.nextInt(hosts.size()));
            var ingress = one(
                    random.nextInt(20),
                    host,
                    path(paths.get(random.nextInt(paths.size())), random.nextBoolean() ? "Exact" : "Prefix", "s" + i));
            boolean gone = random.nextInt(3) == 0;
            if (gone) there.remove(ingress.key());
            else there.put(ingress.key(), ingress);
            table.put(ingress.key(), gone ? Ingress.ABSENT : ingress);
            if (i % 20 > 0) continue;
            var fresh = new RoutingTable(Set.of(), true);
            there.forEach(fresh::put);
            for (var asked : List.of("a.example", "x.example", "b.a.example", "other")) {
                for (var path : List.of("/", "/a", "/a/", "/a/b", "/b/c"))
                    assertThat(table.find(asked, path)).isEqualTo(fresh.find(asked, path));
                assertThat(table.certificates(asked)).isEqualTo(fresh.certificates(asked));
            }
            for (int secret = 0; secret < 20; secret++) {
                var key = new ObjectKey("ns", "s" + secret);
                assertThat(table.names(key)).isEqualTo(fresh.names(key));
            }
        }
        for (var key : there.keySet()) table.put(key, Ingress.ABSENT);
        assertThat(table.find("a.example", "/")).isEmpty();
        assertThat(table.certificates("a.example")).isEmpty();
    }

    private static Ingress ingress(String yaml) {
        return new Ingress(Yaml.parse(yaml));
    }
}
