package io.navarch.schema;

import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.List;

/// Rules that a definition of custom resources brings with it, as expressions.
@FunctionalInterface
public interface ObjectRules {
    ObjectRules NONE = (object, old) -> new Outcome(List.of(), List.of());

    /// @param errors what is wrong
    /// @param warnings what is wrong as well, but was before
    record Outcome(List<FieldError> errors, List<String> warnings) {}

    /// @param old the object before; absent on create
    Outcome check(View object, View old);
}
