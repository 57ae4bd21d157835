package io.navarch.aggregation.status;

import io.navarch.client.Caches;
import io.navarch.model.APIService;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Keeps an APIService for every version of every group of custom resources, as long as a definition serves it. What
/// somebody else has made under such a name is left to them.
public final class CustomGroupController implements Controller<CustomGroupController.Seen> {
    static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
    private static final String ALWAYS = "true";
    private static final String BY_VERSION = "served";
    /// Built-in groups come before these.
    private static final int GROUP_PRIORITY = 1000;

    private static final int VERSION_PRIORITY = 100;

    /// @param served whether a definition serves this version
    public record Seen(ObjectKey key, APIService object, boolean served) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("apiservice-autoregister-controller")
                .queue("autoregister")
                .watches(Resources.CUSTOM_RESOURCE_DEFINITIONS, CustomGroupController::named)
                .watches(Resources.API_SERVICES, object -> List.of(object.key()))
                .may("apiregistration.k8s.io", "apiservices", "create,delete,patch,update")
                .build();
    }

    /// The APIServices of a definition.
    private static Collection<ObjectKey> named(CustomResourceDefinition definition) {
        return names(definition).map(name -> new ObjectKey("", name)).toList();
    }

    private static Stream<String> names(CustomResourceDefinition definition) {
        var group = definition.spec().group();
        return definition.spec().versions().stream()
                .filter(version -> version.served())
                .map(version -> version.name() + "." + group);
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.CUSTOM_RESOURCE_DEFINITIONS)
                .indexedBy(BY_VERSION, definition -> names(definition).toList());
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        boolean served = caches.of(Resources.CUSTOM_RESOURCE_DEFINITIONS).count(BY_VERSION, key.name()) > 0;
        return Optional.of(new Seen(key, caches.of(Resources.API_SERVICES).get(key), served));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var object = seen.object;
        if (!object.exists())
            return seen.served
                    ? Decision.of(new Action.Create(Resources.API_SERVICES, wanted(seen.key.name())))
                    : Decision.NOTHING;
        boolean ours = object.metadata().labels().getOrDefault(MANAGED, "").equals(ALWAYS);
        if (!ours || object.deleting()) return Decision.NOTHING;
        if (!seen.served) return Decision.of(new Action.Delete(Resources.API_SERVICES, object));
        var wanted = wanted(seen.key.name()).spec();
        if (object.spec().semanticEquals(wanted)) return Decision.NOTHING;
        return Decision.of(new Action.Update(
                Resources.API_SERVICES, object.toBuilder().spec(wanted).build(), ""));
    }

    private static APIService wanted(String name) {
        int dot = name.indexOf('.');
        return APIService.builder()
                .metadata(metadata -> metadata.name(name).putLabels(MANAGED, ALWAYS))
                .spec(spec -> spec.group(name.substring(dot + 1))
                        .version(name.substring(0, dot))
                        .groupPriorityMinimum(GROUP_PRIORITY)
                        .versionPriority(VERSION_PRIORITY))
                .build();
    }
}
