package io.navarch.schema.ownership;

import io.navarch.objects.Json;

/// The identity of a manager of an object's fields.
record FieldOwnerId(String name, String operation, String apiVersion, String subresource) {
    boolean applies() {
        return operation.equals(FieldOwner.APPLY);
    }

    /// How conflicts name it.
    String shown() {
        var who = Json.writeString(name) + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"");
        return operation.equals(FieldOwner.UPDATE) ? who + " using " + apiVersion : who;
    }
}
