package io.navarch.apps;

import io.navarch.client.Informer;
import io.navarch.model.ConditionStatus;
import io.navarch.model.CustomResourceDefinition;
import io.navarch.model.CustomResourceDefinitionConditionType;
import io.navarch.objects.ResourceType;
import io.navarch.reconcile.ControllerWiring;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Custom resources that part of this process follows as soon as they are served: their definitions are the users' to
/// bring.
///
/// @param definitions their names
/// @param version that is followed
record ServedKinds(Set<String> definitions, String version) {
    /// Those among a controller's inputs.
    static ServedKinds of(ControllerWiring wiring, List<ResourceType<?>> custom) {
        var names = new HashSet<String>();
        var version = "";
        for (var input : wiring.inputs()) {
            if (!custom.contains(input.type())) continue;
            names.add(input.type().toString());
            version = input.type().version();
        }
        return new ServedKinds(Set.copyOf(names), version);
    }

    /// Does something once, as soon as all of them are served; at once when there are none.
    ///
    /// @param elsewhere does it on another thread than the one that tells of changes
    void whenServed(Informer<CustomResourceDefinition> known, Runnable task, Consumer<Runnable> elsewhere) {
        if (definitions.isEmpty()) {
            task.run();
            return;
        }
        var served = new HashSet<String>();
        var started = new AtomicBoolean();
        known.onChange((old, now) -> {
            if (!now.exists() || !definitions.contains(now.name()) || !serves(now)) return;
            served.add(now.name());
            if (served.containsAll(definitions) && !started.getAndSet(true)) elsewhere.accept(task);
        });
    }

    private boolean serves(CustomResourceDefinition definition) {
        return definition.status().conditions().stream()
                        .anyMatch(
                                condition -> condition.type().equals(CustomResourceDefinitionConditionType.ESTABLISHED)
                                        && condition.status() == ConditionStatus.TRUE)
                && definition.spec().versions().stream()
                        .anyMatch(each -> each.name().equals(version) && each.served());
    }
}
