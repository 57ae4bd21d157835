package io.navarch.apiserver.discovery;

import io.navarch.objects.Json;
import java.util.List;
import java.util.Optional;

/// What documents say of a field beside its type.
///
/// @param values those that it may have; empty if the documents list none
/// @param shown the default as JSON, `none`, or `""` if it follows from the type
/// @param free the type of the values where the schema leaves it open
record FieldFacts(List<String> values, String shown, Optional<BasicType> free) {
    static final FieldFacts NONE = new FieldFacts(List.of(), "", Optional.empty());

    static FieldFacts of(TypeNames names, String type, String field) {
        var values = names.fact(type, field, "enumerated").replace('_', ' ');
        return new FieldFacts(
                values.isEmpty() ? List.of() : List.of(values.split(",")),
                names.fact(type, field, "shown"),
                BasicType.named(names.fact(type, field, "published")));
    }

    /// The default that is shown, unless it follows from the type.
    Optional<Object> exception() {
        boolean json = shown.matches("-?[0-9]+|true|false|[\"{].*");
        return json ? Optional.ofNullable(Json.parse(shown)) : Optional.of(shown);
    }

    /// A description that also names the values.
    String with(String description) {
        if (values.isEmpty()) return description;
        var text = new StringBuilder(description).append("\n\nPossible enum values:");
        for (var value : values) text.append("\n - `\"").append(value).append("\"`");
        return text.toString();
    }
}
