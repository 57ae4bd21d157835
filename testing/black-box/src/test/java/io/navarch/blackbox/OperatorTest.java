package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.navarch.blackbox.operators.Greeter;
import org.junit.jupiter.api.Test;

/// A controller written with java-operator-sdk, in a process beside the server, also while that starts anew.
class OperatorTest {
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: greetings.test.navarch.io}
            spec:
              group: test.navarch.io
              scope: Namespaced
              names: {plural: greetings, singular: greeting, kind: Greeting}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: {type: object, properties: {text: {type: string}}}
                      status: {type: object, properties: {said: {type: string}}}
            """;
    private static final String GREETING = """
            apiVersion: test.navarch.io/v1
            kind: Greeting
            metadata: {name: hello}
            spec: {text: %s}
            """;

    @Test
    void reconcilesRepairsAndCleansUp() throws Exception {
        try (var plane = new ControlPlaneAlone();
                var client = new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(plane.kubeconfig()))
                        .build()) {
            var machine = plane.machine;
            machine.kubectl("apply -f -", DEFINITION).ok();
            machine.kubectl("wait --for=condition=Established crd/greetings.test.navarch.io --timeout=10s")
                    .ok();
            var operator = new Operator(overrider -> overrider.withKubernetesClient(client));
            operator.register(new Greeter());
            operator.start();
            try {
                machine.kubectl("apply -f -", GREETING.formatted("hello")).ok();
                Machine.soon("the map", () -> text(machine).equals("hello"));
                machine.kubectl("wait --for=jsonpath='{.status.said}'=hello greeting/hello --timeout=10s")
                        .ok();
                machine.kubectl("apply -f -", GREETING.formatted("bye")).ok();
                Machine.soon("the changed map", () -> text(machine).equals("bye"));
                machine.kubectl("patch cm of-hello --type=merge -p '{\"data\":{\"text\":\"spoilt\"}}'")
                        .ok();
                Machine.soon("the repaired map", () -> text(machine).equals("bye"));
                plane.restart(false);
                machine.kubectl("apply -f -", GREETING.formatted("again")).ok();
                Machine.soon("the map after a restart", () -> text(machine).equals("again"));
                machine.kubectl("delete greeting hello --timeout=30s").ok();
                assertThat(machine.kubectl("get cm of-hello").failed().output()).contains("NotFound");
            } finally {
                operator.stop();
            }
        }
    }

    private static String text(Machine machine) {
        return machine.kubectl("get cm of-hello -o jsonpath='{.data.text}'").output();
    }
}
