package io.navarch.schema.ownership;

import io.navarch.objects.Json;
import java.util.Comparator;

/// The identity of a manager of an object's fields.
record FieldOwnerId(String name, String operation, String apiVersion, String subresource) {
    /// The order in which conflicts are told: by name, who applies first, the object itself last.
    static final Comparator<FieldOwnerId> AS_TOLD = Comparator.comparing(FieldOwnerId::name)
            .thenComparing(FieldOwnerId::operation)
            .thenComparing(FieldOwnerId::apiVersion)
            .thenComparing(id -> id.subresource.isEmpty())
            .thenComparing(FieldOwnerId::subresource);

    boolean applies() {
        return operation.equals(FieldOwner.APPLY);
    }

    /// How conflicts name it.
    String shown() {
        var who = Json.writeString(name) + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"");
        return operation.equals(FieldOwner.UPDATE) ? who + " using " + apiVersion : who;
    }
}
