package io.navarch.kinds.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.ApiException;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServiceAllocatorTest {
    private final Services services = new Services();
    private final ServiceAllocator allocator = new ServiceAllocator("10.96.0.0/16", new Random(1));

    /// Keeps sums, as the server does, and counts what is asked.
    private static final class Services implements Admission.Lookup {
        private final Map<String, Quantity> sums = new HashMap<>();
        private final Map<String, View> held = new HashMap<>();
        private int asked;

        void put(Admission.Amounts of, View service) {
            var before = held.put(service.name(), service);
            if (before != null) of.of(before).forEach((name, amount) -> sums.merge(name, amount, Quantity::minus));
            of.of(service).forEach((name, amount) -> sums.merge(name, amount, Quantity::plus));
        }

        @Override
        public View get(String group, String resource, String namespace, String name) {
            throw new AssertionError(resource);
        }

        @Override
        public List<View> list(String group, String resource, String namespace) {
            if (resource.equals(Resources.SERVICES.plural())) throw new AssertionError("all Services are looked at");
            return List.of();
        }

        @Override
        public Quantity sum(String group, String resource, String namespace, Admission.Amounts of, String name) {
            asked++;
            amounts = of;
            return sums.getOrDefault(name, Quantity.ZERO);
        }

        private Admission.Amounts amounts = object -> Map.of();
    }

    private Service admitted(String name, String spec, View old) {
        var tree = View.of(Yaml.parse("{apiVersion: v1, kind: Service, metadata: {name: " + name
                        + ", namespace: ns, uid: " + name + "}, spec: {" + spec + "}}"))
                .map();
        var call = new Admission.Attributes(
                old.exists() ? Operation.UPDATE : Operation.CREATE,
                "",
                "v1",
                "services",
                "",
                "ns",
                name,
                "",
                "",
                List.of(),
                Map.of(),
                warning -> {});
        allocator.admit(call, tree, old, services);
        return Service.of(View.of(tree));
    }

    private Service created(String name, String spec) {
        var service = admitted(name, spec + ", sessionAffinity: None, internalTrafficPolicy: Cluster", View.ABSENT);
        services.put(services.amounts, service.view());
        return service;
    }

    private static String plain() {
        return "type: ClusterIP, ports: [{port: 80, protocol: TCP, targetPort: 80}]";
    }

    private static String external(String more) {
        return "type: NodePort, externalTrafficPolicy: Cluster, ports: [{port: 80, protocol: TCP, targetPort: 80" + more
                + "}]";
    }

    private int costOfOneMore(int others) {
        for (int i = services.held.size(); i < others; i++) created("s" + i, plain());
        services.asked = 0;
        created("more-" + others, external(""));
        return services.asked;
    }

    @Test
    void aServiceCostsTheSameAmongAnyNumber() {
        assertThat(costOfOneMore(10)).isBetween(2, 20);
        assertThat(costOfOneMore(10_000)).isBetween(2, 20);
        var addresses = new HashSet<String>();
        services.held
                .values()
                .forEach(each -> addresses.add(Service.of(each).spec().clusterIP()));
        assertThat(addresses).hasSize(services.held.size());
    }

    @Test
    void whatAnotherHasIsRefusedAndWhatIsOnesOwnStays() {
        var one = created("one", external(", nodePort: 30007") + ", clusterIP: 10.96.7.7");
        assertThat(one.spec().clusterIPs()).containsExactly("10.96.7.7");
        assertThatThrownBy(() -> created("two", plain() + ", clusterIP: 10.96.7.7"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("provided IP is already allocated");
        assertThatThrownBy(() -> created("two", external(", nodePort: 30007")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("provided port is already allocated");
        var again = admitted(
                "one",
                external("") + ", sessionAffinity: None, internalTrafficPolicy: Cluster, clusterIP: 10.96.7.7",
                one.view());
        assertThat(again.spec().ports().getFirst().nodePort()).isEqualTo(30007);
    }
}
