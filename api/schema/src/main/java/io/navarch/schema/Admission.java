package io.navarch.schema;

import io.navarch.objects.View;
import java.util.List;
import java.util.Map;

/// Built-in admission: what may look at, complete or refuse a write besides its kind's own rules.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/
public final class Admission {
    private Admission() {}

    /// What is about to be done. `operation` is `CREATE`, `UPDATE` or `DELETE`.
    public record Attributes(
            String operation,
            String group,
            String version,
            String resource,
            String subresource,
            String namespace,
            String name,
            String user,
            List<String> groups) {
        public boolean is(String wantedGroup, String wantedResource) {
            return group.equals(wantedGroup) && resource.equals(wantedResource);
        }

        /// Whether an object itself (not a subresource) of this resource is being made.
        public boolean creates(String wantedGroup, String wantedResource) {
            return is(wantedGroup, wantedResource) && subresource.isEmpty() && operation.equals("CREATE");
        }
    }

    /// Reads other objects, in their stored version.
    public interface Lookup {
        /// Absent when there is none.
        View get(String group, String resource, String namespace, String name);

        /// All objects of a namespace, or of all with `""`.
        List<View> list(String group, String resource, String namespace);
    }

    /// May change the object or throw an [io.navarch.objects.ApiException].
    public interface Mutating {
        boolean handles(Attributes call);

        /// Whether writes that this handles happen one at a time, from here until they are stored.
        default boolean exclusive() {
            return false;
        }

        void admit(Attributes call, Map<String, Object> object, View old, Lookup lookup);
    }

    /// May throw an [io.navarch.objects.ApiException]; `object` is absent on delete.
    public interface Validating {
        boolean handles(Attributes call);

        void validate(Attributes call, View object, View old, Lookup lookup);
    }
}
