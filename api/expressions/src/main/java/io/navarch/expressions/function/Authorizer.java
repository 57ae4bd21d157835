package io.navarch.expressions.function;

import io.navarch.expressions.value.Opaque;

/// Who says, within expressions, what somebody may do. Given as a variable; so is a [ResourceCheck] that
/// begins with the resource of a request.
public interface Authorizer extends Opaque {
    /// What was decided.
    record Decision(boolean allowed, String reason, String error) implements Opaque {
        @Override
        public String typeName() {
            return "kubernetes.authorization.Decision";
        }
    }

    /// A question about a path that is no resource.
    record PathCheck(Authorizer authorizer, String path) implements Opaque {
        @Override
        public String typeName() {
            return "kubernetes.authorization.PathCheck";
        }
    }

    /// The beginning of a question about a resource.
    record GroupCheck(Authorizer authorizer, String group) implements Opaque {
        @Override
        public String typeName() {
            return "kubernetes.authorization.GroupCheck";
        }
    }

    /// A question about a resource.
    ///
    /// @param fieldSelector as it was written, or `""`
    record ResourceCheck(
            Authorizer authorizer,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name,
            String fieldSelector,
            String labelSelector)
            implements Opaque {
        @Override
        public String typeName() {
            return "kubernetes.authorization.ResourceCheck";
        }
    }

    Decision path(String path, String verb);

    Decision resource(ResourceCheck check, String verb);

    /// Whoever says what a service account may do.
    Authorizer serviceAccount(String namespace, String name);

    @Override
    default String typeName() {
        return "kubernetes.authorization.Authorizer";
    }
}
