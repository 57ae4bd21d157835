package io.navarch.schema.admission;

import io.navarch.objects.Lens;
import io.navarch.objects.Quantity;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Built-in admission: plugins that inspect, complete or refuse writes, in addition to the rules of the kind itself.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/
public final class Admission {
    private Admission() {}

    /// What is about to be done; `warn` adds a `Warning` to the answer.
    public record Attributes(
            Operation operation,
            String group,
            String version,
            String resource,
            String subresource,
            String namespace,
            String name,
            String user,
            String uid,
            List<String> groups,
            Map<String, List<String>> extra,
            Consumer<String> warn) {
        public boolean is(String wantedGroup, String wantedResource) {
            return group.equals(wantedGroup) && resource.equals(wantedResource);
        }

        public boolean is(ResourceType<?> type) {
            return is(type.group(), type.plural());
        }

        public boolean creates(ResourceType<?> type) {
            return creates(type.group(), type.plural());
        }

        /// Whether this creates an object of a resource (not a subresource).
        public boolean creates(String wantedGroup, String wantedResource) {
            return is(wantedGroup, wantedResource) && subresource.isEmpty() && operation == Operation.CREATE;
        }
    }

    /// Reads other objects, in their stored version.
    public interface Lookup {
        /// Absent when there is none.
        View get(String group, String resource, String namespace, String name);

        /// All objects of a namespace, or of all with `""`.
        List<View> list(String group, String resource, String namespace);

        /// What all objects of a namespace amount to together.
        default Map<String, Quantity> sum(String group, String resource, String namespace, Amounts of) {
            var sums = new TreeMap<String, Quantity>();
            for (var object : list(group, resource, namespace))
                of.of(object).forEach((name, amount) -> sums.merge(name, amount, Quantity::plus));
            return sums;
        }

        /// What all objects of a namespace, or of all with `""`, amount to together of one thing.
        default Quantity sum(String group, String resource, String namespace, Amounts of, String name) {
            return sum(group, resource, namespace, of).getOrDefault(name, Quantity.ZERO);
        }

        default <T extends Lens> T get(ResourceType<T> type, String namespace, String name) {
            return type.read(get(type.group(), type.plural(), namespace, name));
        }

        default <T extends Lens> List<T> list(ResourceType<T> type, String namespace) {
            return list(type.group(), type.plural(), namespace).stream()
                    .map(type::read)
                    .toList();
        }
    }

    /// What an object amounts to: the same for as long as it does not change. Equal ones give the same, so that sums
    /// can be kept.
    public interface Amounts {
        Map<String, Quantity> of(View object);
    }

    /// The name of another object.
    public record Reference(String group, String resource, String namespace, String name) {}

    /// Asks whether the caller may do something else, too.
    public interface Permission {
        /// @param namespace `""` for the scope of the whole cluster
        boolean allows(Attributes call, String verb, String group, String resource, String namespace, String name);

        default boolean allows(Attributes call, String verb, String group, String resource, String name) {
            return allows(call, verb, group, resource, "", name);
        }
    }

    /// A plugin that sees writes.
    public sealed interface Plugin permits Mutating, Validating {
        boolean handles(Attributes call);

        /// Under what name this write is serialised with others of the same name, from before mutation until it is
        /// stored; empty when it need not be.
        default Optional<String> serialised(Attributes call, Lookup lookup) {
            return Optional.empty();
        }

        /// What this write depends on, does not exist yet and is about to be created by a controller, such as
        /// the default account of a new namespace: the write waits a moment for it.
        default Optional<Reference> awaited(Attributes call, View object, Lookup lookup) {
            return Optional.empty();
        }
    }

    /// A plugin as configurations and metrics call it.
    ///
    /// @param name `""` for one that Kubernetes does not know as a plugin
    public record Named<P extends Plugin>(String name, P plugin) {}

    /// May change the object or throw an [io.navarch.objects.ApiException].
    public non-sealed interface Mutating extends Plugin {
        /// Whether a new object has its generated name when the plugin sees it: so it is for what belongs to storing
        /// the object. Others go by `generateName` when they refuse one.
        default boolean ofNamed() {
            return false;
        }

        void admit(Attributes call, Map<String, Object> object, View old, Lookup lookup);
    }

    /// May throw an [io.navarch.objects.ApiException]; `object` is absent on delete.
    public non-sealed interface Validating extends Plugin {
        void validate(Attributes call, View object, View old, Lookup lookup);
    }
}
