package io.navarch.reconcile;

import io.navarch.client.Caches;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// What is looked at and written: roles and the picture of the controllers are made of this.
public interface Wired {
    /// A resource whose changes concern this controller, and which keys each change is about.
    record Input(ResourceType<View> type, Keys keys) {
        public Input(ResourceType<View> type, Function<View, Collection<ObjectKey>> keys) {
            this(type, (caches, object) -> keys.apply(object));
        }

        /// Only looked at, when something else has changed.
        public static Input lookedAt(ResourceType<View> type) {
            return new Input(type, object -> List.of());
        }
    }

    /// The keys that a change of an object is about.
    @FunctionalInterface
    interface Keys {
        Collection<ObjectKey> of(Caches caches, View object);
    }

    /// What a controller may write: its role is made of this and of its inputs.
    ///
    /// @param resources with their subresources, as RBAC has them: `pods`, `pods/status`
    record Permission(String group, List<String> resources, List<String> verbs) {
        public static Permission of(String group, String resources, String verbs) {
            return new Permission(group, List.of(resources.split(",")), List.of(verbs.split(",")));
        }
    }

    /// The name of its account, its role (`system:controller:NAME`) and its queue, such as `deployment-controller`.
    String name();

    /// As the metrics of its queue name it.
    default String queue() {
        return name();
    }

    /// As Events name it, which some of the original's do by another name.
    default String eventSource() {
        return name();
    }

    List<Input> inputs();

    /// What it writes besides Events.
    List<Permission> permissions();

    /// Metrics that it tells besides those of its queue.
    default List<Metric> metrics() {
        return List.of();
    }

    /// What its caches say now, for those of its metrics that are states.
    default Collection<Metric.Sample> state(Caches caches) {
        return List.of();
    }
}
