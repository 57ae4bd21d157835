package io.navarch.blackbox.operators;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
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

/// A controller written with java-operator-sdk: it keeps a ConfigMap for every Greeting, by server-side apply, says so
/// in the status, and cleans up behind a finalizer.
@ControllerConfiguration
public final class Greeter implements Reconciler<Greeting>, Cleaner<Greeting> {
    /// In a pod: what it finds out about the cluster is what the pod is given, and one of its kind leads.
    public static void main(String[] arguments) {
        var operator = new Operator(overrider -> overrider.withLeaderElectionConfiguration(
                LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("greeter")
                        .build()));
        operator.register(new Greeter(), configuration -> configuration.watchingOnlyCurrentNamespace());
        operator.installShutdownHook(java.time.Duration.ofSeconds(1));
        operator.start();
    }

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
        said.setMetadata(new ObjectMetaBuilder()
                .withName(greeting.getMetadata().getName())
                .withNamespace(greeting.getMetadata().getNamespace())
                .build());
        said.setStatus(new Greeting.Status(greeting.getSpec().text()));
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
