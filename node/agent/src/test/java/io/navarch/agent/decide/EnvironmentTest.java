package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.ConfigMap;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.Secret;
import io.navarch.model.Service;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static final References REFERENCES = new References(
            Map.of("map", ConfigMap.of(yaml("{data: {a: '1', b: '2'}}"))),
            Map.of("secret", Secret.of(yaml("{data: {word: c2VzYW1l}}"))));

    private static View yaml(String text) {
        return View.of(Yaml.parse(text));
    }

    private static Map<String, String> of(String container, Service... services) {
        var pod = Pod.of(
                yaml(
                        "{metadata: {name: p, namespace: ns, uid: u, labels: {app: x, tier: y}}, spec: {nodeName: n, serviceAccountName: sa}}"));
        var allocatable = Map.of("cpu", Quantity.parse("4"), "memory", Quantity.parse("8Gi"));
        return new Environment(pod, "192.0.2.1", "10.0.0.1", allocatable, REFERENCES)
                .of(Container.of(yaml(container)), List.of(services));
    }

    @Test
    void variablesReferToThoseBeforeThem() {
        assertThat(of("{env: [{name: A, value: x}, {name: B, value: $(A)-$(C)}, {name: C, value: $$(A)}]}"))
                .containsExactly(Map.entry("A", "x"), Map.entry("B", "x-$(C)"), Map.entry("C", "$(A)"));
    }

    @Test
    void wholeConfigMapsAndSecretsComeWithAPrefix() {
        assertThat(of("{envFrom: [{prefix: M_, configMapRef: {name: map}}, {secretRef: {name: secret}}]}"))
                .containsOnly(Map.entry("M_a", "1"), Map.entry("M_b", "2"), Map.entry("word", "sesame"));
    }

    @Test
    void singleKeysAndFieldsAndResources() {
        assertThat(of("""
                resources: {limits: {cpu: 1500m}}
                env:
                - {name: KEY, valueFrom: {configMapKeyRef: {name: map, key: b}}}
                - {name: WORD, valueFrom: {secretKeyRef: {name: secret, key: word}}}
                - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                - {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                - {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Gi}}}
                """))
                .containsExactly(
                        Map.entry("KEY", "2"),
                        Map.entry("WORD", "sesame"),
                        Map.entry("POD", "p"),
                        Map.entry("LABEL", "x"),
                        Map.entry("IP", "10.0.0.1"),
                        Map.entry("CPU", "2"),
                        Map.entry("MEMORY", "8"));
    }

    @Test
    void whatIsMissingIsAnErrorUnlessItIsOptional() {
        assertThatThrownBy(() -> of("{envFrom: [{configMapRef: {name: none}}]}"))
                .isInstanceOf(UnresolvedException.class)
                .hasMessage("configmap \"none\" not found");
        assertThatThrownBy(() -> of("{env: [{name: A, valueFrom: {secretKeyRef: {name: secret, key: none}}}]}"))
                .hasMessage("couldn't find key none in Secret ns/secret");
        assertThat(of("{envFrom: [{secretRef: {name: none, optional: true}}], "
                        + "env: [{name: A, valueFrom: {configMapKeyRef: {name: map, key: none, optional: true}}}]}"))
                .isEmpty();
    }

    @Test
    void theServicesOfTheNamespaceAreTold() {
        var own = Service.of(
                yaml(
                        "{metadata: {name: my-db, namespace: ns}, spec: {clusterIP: 10.1.1.1, ports: [{name: sql, port: 5432}]}}"));
        var foreign = Service.of(
                yaml("{metadata: {name: other, namespace: else}, spec: {clusterIP: 10.1.1.2, ports: [{port: 1}]}}"));
        var headless = Service.of(
                yaml("{metadata: {name: none, namespace: ns}, spec: {clusterIP: None, ports: [{port: 1}]}}"));
        assertThat(of("{}", own, foreign, headless))
                .containsOnly(
                        Map.entry("MY_DB_SERVICE_HOST", "10.1.1.1"),
                        Map.entry("MY_DB_SERVICE_PORT", "5432"),
                        Map.entry("MY_DB_SERVICE_PORT_SQL", "5432"),
                        Map.entry("MY_DB_PORT", "tcp://10.1.1.1:5432"),
                        Map.entry("MY_DB_PORT_5432_TCP", "tcp://10.1.1.1:5432"),
                        Map.entry("MY_DB_PORT_5432_TCP_PROTO", "tcp"),
                        Map.entry("MY_DB_PORT_5432_TCP_PORT", "5432"),
                        Map.entry("MY_DB_PORT_5432_TCP_ADDR", "10.1.1.1"));
    }
}
