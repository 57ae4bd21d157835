package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A controller written with java-operator-sdk: it keeps a ConfigMap for every Greeting, by server-side apply, says so
/// in
/// the status, and cleans up behind a finalizer.
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

    /// The resource's spec.
    public record GreetingSpec(String text) {}

    /// The resource's status.
    public record GreetingStatus(String said) {}

    /// The resource.
    @Group("test.navarch.io")
    @Version("v1")
    public static final class Greeting extends CustomResource<GreetingSpec, GreetingStatus> implements Namespaced {}

    /// The controller.
    @ControllerConfiguration
    public static final class GreetingReconciler implements Reconciler<Greeting>, Cleaner<Greeting> {
        @Override
        public List<EventSource<?, Greeting>> prepareEventSources(EventSourceContext<Greeting> context) {
            return List.of(new InformerEventSource<>(
                    InformerEventSourceConfiguration.from(ConfigMap.class, Greeting.class)
                            .build(),
                    context));
        }

        @Override
        public UpdateControl<Greeting> reconcile(Greeting greeting, Context<Greeting> context) {
            var map = new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("of-" + greeting.getMetadata().getName())
                    .withNamespace(greeting.getMetadata().getNamespace())
                    .endMetadata()
                    .withData(Map.of("text", greeting.getSpec().text()))
                    .build();
            map.addOwnerReference(greeting);
            context.getClient()
                    .resource(map)
                    .fieldManager("greeter")
                    .forceConflicts()
                    .serverSideApply();
            var said = new Greeting();
            said.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                    .withName(greeting.getMetadata().getName())
                    .withNamespace(greeting.getMetadata().getNamespace())
                    .build());
            said.setStatus(new GreetingStatus(greeting.getSpec().text()));
            return UpdateControl.patchStatus(said);
        }

        @Override
        public DeleteControl cleanup(Greeting greeting, Context<Greeting> context) {
            context.getClient()
                    .configMaps()
                    .inNamespace(greeting.getMetadata().getNamespace())
                    .withName("of-" + greeting.getMetadata().getName())
                    .delete();
            return DeleteControl.defaultDelete();
        }
    }

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
            operator.register(new GreetingReconciler());
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
