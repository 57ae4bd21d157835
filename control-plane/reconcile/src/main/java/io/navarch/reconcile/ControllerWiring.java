package io.navarch.reconcile;

import io.navarch.client.Caches;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.process.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;

/// How a controller is connected: what it is called, what wakes it, what it reads and what it writes. Its RBAC
/// role, its queue, its metrics and the page about controllers are made of this.
///
/// @param name of its account, its role (`system:controller:NAME`) and its threads, such as `deployment-controller`
/// @param queue as the metrics of its work queue name it
/// @param eventSource as Events name it, which for some of the original's is another name
/// @param outputs what it writes besides Events
/// @param metrics that it records besides those of its queue
public record ControllerWiring(
        String name,
        String queue,
        String eventSource,
        List<Input<?>> inputs,
        List<Permission> outputs,
        List<Metric> metrics) {

    /// A resource that the controller has a cache of, and which keys a change of an object is about.
    public record Input<T extends Lens>(ResourceType<T> type, Changes<T> changes) {}

    /// The keys that a change is about: `old` is absent for an addition, `now` for a deletion.
    @FunctionalInterface
    public interface Changes<T extends Lens> {
        Collection<ObjectKey> keysOf(Caches caches, T old, T now);
    }

    /// The keys that any change of an object is about.
    @FunctionalInterface
    public interface Keys<T extends Lens> {
        Collection<ObjectKey> of(Caches caches, T object);
    }

    /// What a controller may do besides reading its inputs.
    ///
    /// @param resources with their subresources, as RBAC has them: `pods`, `pods/status`
    public record Permission(String group, List<String> resources, List<String> verbs) {
        public static Permission of(String group, String resources, String verbs) {
            return new Permission(group, List.of(resources.split(",")), List.of(verbs.split(",")));
        }
    }

    public static Builder of(String name) {
        return new Builder(name);
    }

    public static final class Builder {
        private final String name;
        private String queue;
        private String eventSource;
        private final List<Input<?>> inputs = new ArrayList<>();
        private final List<Permission> outputs = new ArrayList<>();
        private final List<Metric> metrics = new ArrayList<>();

        private Builder(String name) {
            this.name = name;
            queue = name;
            eventSource = name;
        }

        public Builder queue(String text) {
            queue = text;
            return this;
        }

        public Builder eventSource(String text) {
            eventSource = text;
            return this;
        }

        /// A change of such an object wakes the controller for these keys.
        public <T extends Lens> Builder watches(ResourceType<T> type, Function<T, Collection<ObjectKey>> keys) {
            return watches(type, (caches, object) -> keys.apply(object));
        }

        public <T extends Lens> Builder watches(ResourceType<T> type, Keys<T> keys) {
            return watchesChanges(type, (caches, old, now) -> {
                var all = new LinkedHashSet<ObjectKey>();
                if (old.exists()) all.addAll(keys.of(caches, old));
                if (now.exists()) all.addAll(keys.of(caches, now));
                return all;
            });
        }

        /// For what changes often in ways that are of no concern here.
        public <T extends Lens> Builder watchesChanges(ResourceType<T> type, Changes<T> changes) {
            inputs.add(new Input<>(type, changes));
            return this;
        }

        /// Read when something else has changed.
        public Builder reads(ResourceType<?> type) {
            inputs.add(readOnly(type));
            return this;
        }

        private static <T extends Lens> Input<T> readOnly(ResourceType<T> type) {
            return new Input<>(type, (caches, old, now) -> List.of());
        }

        /// @param resources comma-separated, with their subresources: `pods,pods/status`
        /// @param verbs comma-separated
        public Builder may(String group, String resources, String verbs) {
            outputs.add(Permission.of(group, resources, verbs));
            return this;
        }

        public Builder metrics(Metric... more) {
            metrics.addAll(List.of(more));
            return this;
        }

        public Builder metrics(List<Metric> more) {
            metrics.addAll(more);
            return this;
        }

        public ControllerWiring build() {
            return new ControllerWiring(
                    name, queue, eventSource, List.copyOf(inputs), List.copyOf(outputs), List.copyOf(metrics));
        }
    }
}
