package io.navarch.kinds.customresource;

import org.jspecify.annotations.Nullable;

/// How expressions see the values of a schema.
@FunctionalInterface
interface SelfShape {
    /// @return a value, or a failure for one that the schema does not have
    Object value(@Nullable Object raw);
}
