package io.navarch.comparison.generate;

import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.List;

/// All the fields of a type.
final class Places {
    private final List<Place> found = new ArrayList<>();

    private Places() {}

    /// @param schema of an object; its `apiVersion`, `kind` and managed fields are left out
    static List<Place> of(Schema schema) {
        var places = new Places();
        schema.properties().forEach((name, field) -> {
            if (!name.equals("apiVersion") && !name.equals("kind")) places.walk(Place.ROOT.then(name, field));
        });
        return places.found;
    }

    private void walk(Place place) {
        if (place.toString().endsWith("metadata.managedFields") || recursive(place)) return;
        found.add(place);
        var schema = place.schema();
        if (schema.type() == Schema.Type.ARRAY && schema.items().exists())
            walk(place.then(Place.FIRST, schema.items()));
        if (schema.type() != Schema.Type.OBJECT) return;
        schema.properties().forEach((name, field) -> walk(place.then(name, field)));
        if (schema.properties().isEmpty() && schema.additional().exists()) walk(place.then("x", schema.additional()));
    }

    /// Whether its type stands on the way to it already.
    private static boolean recursive(Place place) {
        var name = place.schema().typeName();
        if (name.isEmpty()) return false;
        return place.schemas().subList(0, place.schemas().size() - 1).stream()
                .anyMatch(before -> before.typeName().equals(name));
    }
}
