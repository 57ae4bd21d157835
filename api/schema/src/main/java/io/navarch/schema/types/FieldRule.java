package io.navarch.schema.types;

import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.List;

/// A rule for a field of a built-in kind, beyond its type.
public interface FieldRule {
    /// @param old the value before, absent on create
    /// @param update whether there is an object before
    void check(View value, View old, boolean update, String path, List<FieldError> errors);
}
