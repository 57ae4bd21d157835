package io.navarch.apiserver.access;

import io.navarch.apiserver.request.RequestInfo;
import io.navarch.schema.admission.User;

/// What somebody wants to do. Requests for resources name group, resource and so on; others only verb and path.
public record AccessAttributes(
        User user,
        String verb,
        boolean resource,
        String group,
        String version,
        String kindPlural,
        String subresource,
        String namespace,
        String name,
        String path) {
    public static AccessAttributes of(User user, RequestInfo info) {
        return new AccessAttributes(
                user,
                info.verb(),
                info.resourceRequest(),
                info.group(),
                info.version(),
                info.resource(),
                info.subresource(),
                info.namespace(),
                info.name(),
                info.path());
    }

    /// AccessAttributes of a resource at the cluster's scope.
    public static AccessAttributes ofResource(
            User user, String verb, String group, String version, String plural, String name) {
        return new AccessAttributes(user, verb, true, group, version, plural, "", "", name, "");
    }

    static AccessAttributes ofPath(User user, String verb, String path) {
        return new AccessAttributes(user, verb, false, "", "", "", "", "", "", path);
    }
}
