package io.navarch.admission;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.ObjectType;
import io.navarch.apiserver.admission.ServedResource;
import io.navarch.objects.Trees;
import io.navarch.schema.admission.User;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A call as an `AdmissionRequest`, without its objects: so webhooks are told of it, and so expressions see it.
final class RequestTree {
    private RequestTree() {}

    /// @param as what the objects are shown as
    static Map<String, Object> of(AdmissionCall call, ServedResource as) {
        var asked = call.asked();
        return Trees.map(
                "kind", kind(as.type()),
                "resource", resource(as),
                "subResource", text(call.subresource()),
                "requestKind", kind(asked.type()),
                "requestResource", resource(asked),
                "requestSubResource", text(call.subresource()),
                "name", text(call.name()),
                "namespace", text(call.namespace()),
                "operation", call.operation().name(),
                "userInfo", user(call.user()),
                "dryRun", call.dryRun(),
                "options", call.options().value());
    }

    private static @Nullable String text(String value) {
        return value.isEmpty() ? null : value;
    }

    private static Map<String, Object> kind(ObjectType type) {
        return Trees.map("group", type.group(), "version", type.version(), "kind", type.kind());
    }

    private static Map<String, Object> resource(ServedResource resource) {
        return Trees.map("group", resource.group(), "version", resource.version(), "resource", resource.plural());
    }

    private static Map<String, Object> user(User user) {
        return Trees.map(
                "username",
                user.name(),
                "uid",
                text(user.uid()),
                "groups",
                user.groups().isEmpty() ? null : user.groups(),
                "extra",
                user.extra().isEmpty() ? null : user.extra());
    }
}
