package io.navarch.blackbox.operators;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// An operator written with nothing but the fabric8 client: it keeps a ConfigMap for every Widget of its namespace,
/// says so in the status, cleans up behind a finalizer, and serves the webhooks of its kind ([Webhooks]).
public final class Keeper implements ResourceEventHandler<Widget> {
    static final String FINALIZER = "test.navarch.io/keeper";

    private final KubernetesClient client;
    /// One widget after the other.
    private final ScheduledExecutorService work = Executors.newSingleThreadScheduledExecutor();

    private Keeper(KubernetesClient client) {
        this.client = client;
    }

    public static void main(String[] arguments) {
        var client = new KubernetesClientBuilder().build();
        new Keeper(client).watch();
        // Last: whoever is asked whether it is ready has seen all that there is.
        new Webhooks(Path.of("/certificates"), System.getenv().getOrDefault("COLOR", "grey")).start();
    }

    private SharedIndexInformer<Widget> watch() {
        return client.resources(Widget.class).inNamespace(client.getNamespace()).inform(this);
    }

    @Override
    public void onAdd(Widget widget) {
        soon(widget.getMetadata().getName(), 0);
    }

    @Override
    public void onUpdate(Widget former, Widget widget) {
        soon(widget.getMetadata().getName(), 0);
    }

    @Override
    public void onDelete(Widget widget, boolean unknown) {
        System.out.println("gone: " + widget.getMetadata().getName());
    }

    private void soon(String name, long seconds) {
        work.schedule(() -> attempt(name), seconds, TimeUnit.SECONDS);
    }

    private void attempt(String name) {
        try {
            var widget = client.resources(Widget.class)
                    .inNamespace(client.getNamespace())
                    .withName(name)
                    .get();
            if (widget != null) reconcile(widget);
        } catch (KubernetesClientException e) {
            System.out.println("again: " + name + ": " + e.getMessage());
            soon(name, 1);
        }
    }

    private void reconcile(Widget widget) {
        if (widget.isMarkedForDeletion()) {
            if (!widget.hasFinalizer(FINALIZER)) return;
            map(widget, 0).delete();
            client.resource(widget).edit(each -> {
                each.removeFinalizer(FINALIZER);
                return each;
            });
            return;
        }
        if (!widget.hasFinalizer(FINALIZER)) {
            client.resource(widget).edit(each -> {
                each.addFinalizer(FINALIZER);
                return each;
            });
            // The change is seen, and comes here.
            return;
        }
        int area = widget.getSpec().width() * widget.getSpec().height();
        map(widget, area).fieldManager("keeper").forceConflicts().serverSideApply();
        var status = widget.getStatus();
        if (status != null && widget.getMetadata().getGeneration().equals(status.observedGeneration())) return;
        widget.setStatus(new Widget.Status(
                widget.getMetadata().getGeneration(),
                area,
                List.of(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withReason("Kept")
                        .withMessage("its area is " + area)
                        .withObservedGeneration(widget.getMetadata().getGeneration())
                        .withLastTransitionTime(
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .build())));
        client.resource(widget).patchStatus();
    }

    private io.fabric8.kubernetes.client.dsl.Resource<io.fabric8.kubernetes.api.model.ConfigMap> map(
            Widget widget, int area) {
        return client.resource(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("widget-" + widget.getMetadata().getName())
                .withNamespace(widget.getMetadata().getNamespace())
                .endMetadata()
                .withData(Map.of("area", String.valueOf(area)))
                .build());
    }
}
