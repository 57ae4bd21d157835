package io.navarch.expressions.function;

import io.navarch.expressions.function.Authorizer.Decision;
import io.navarch.expressions.function.Authorizer.GroupCheck;
import io.navarch.expressions.function.Authorizer.PathCheck;
import io.navarch.expressions.function.Authorizer.ResourceCheck;
import io.navarch.expressions.value.Failure;
import io.navarch.objects.Names;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asking whether somebody may do something.
final class Authorization {
    static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            Map.entry(
                    "path",
                    (a, budget) -> a[0] instanceof Authorizer authorizer && a[1] instanceof String path
                            ? path.isBlank() ? new Failure("path must not be empty") : new PathCheck(authorizer, path)
                            : null),
            Map.entry(
                    "group",
                    (a, budget) -> a[0] instanceof Authorizer authorizer && a[1] instanceof String group
                            ? new GroupCheck(authorizer, group)
                            : null),
            Map.entry(
                    "serviceAccount",
                    (a, budget) -> a[0] instanceof Authorizer authorizer
                                    && a[1] instanceof String namespace
                                    && a[2] instanceof String name
                            ? serviceAccount(authorizer, namespace, name)
                            : null),
            Map.entry(
                    "resource",
                    (a, budget) -> a[0] instanceof GroupCheck check && a[1] instanceof String resource
                            ? resource(check, resource)
                            : null),
            Map.entry("subresource", (a, budget) -> with(a, "subresource")),
            Map.entry("namespace", (a, budget) -> with(a, "namespace")),
            Map.entry("name", (a, budget) -> with(a, "name")),
            Map.entry("fieldSelector", (a, budget) -> with(a, "fieldSelector")),
            Map.entry("labelSelector", (a, budget) -> with(a, "labelSelector")),
            Map.entry("check", (a, budget) -> a[1] instanceof String verb ? check(a[0], verb) : null),
            Map.entry("allowed", (a, budget) -> a[0] instanceof Decision decision ? (Object) decision.allowed() : null),
            Map.entry("reason", (a, budget) -> a[0] instanceof Decision decision ? decision.reason() : null),
            Map.entry("error", (a, budget) -> a[0] instanceof Decision decision ? decision.error() : null),
            Map.entry(
                    "errored",
                    (a, budget) -> a[0] instanceof Decision decision
                            ? (Object) !decision.error().isEmpty()
                            : null));

    private Authorization() {}

    private static Object serviceAccount(Authorizer authorizer, String namespace, String name) {
        if (!Names.dnsSubdomain(name).isEmpty()) return new Failure("Invalid service account name");
        if (!Names.dnsLabel(namespace).isEmpty()) return new Failure("Invalid service account namespace");
        return authorizer.serviceAccount(namespace, name);
    }

    private static Object resource(GroupCheck check, String resource) {
        if (resource.isBlank()) return new Failure("resource must not be empty");
        return new ResourceCheck(check.authorizer(), check.group(), resource, "", "", "", "", "");
    }

    private static @Nullable Object with(Object[] arguments, String part) {
        if (!(arguments[0] instanceof ResourceCheck check) || !(arguments[1] instanceof String value)) return null;
        return new ResourceCheck(
                check.authorizer(),
                check.group(),
                check.resource(),
                part.equals("subresource") ? value : check.subresource(),
                part.equals("namespace") ? value : check.namespace(),
                part.equals("name") ? value : check.name(),
                part.equals("fieldSelector") ? value : check.fieldSelector(),
                part.equals("labelSelector") ? value : check.labelSelector());
    }

    private static @Nullable Object check(Object question, String verb) {
        return switch (question) {
            case PathCheck check -> check.authorizer().path(check.path(), verb);
            case ResourceCheck check -> check.authorizer().resource(check, verb);
            default -> null;
        };
    }
}
