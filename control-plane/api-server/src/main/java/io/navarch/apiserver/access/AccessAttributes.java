package io.navarch.apiserver.access;

import io.navarch.apiserver.request.RequestInfo;
import io.navarch.schema.admission.User;

/// What somebody wants to do. Requests for resources name group, resource and so on; others only verb and path.
///
/// @param selectors what a list, a watch or the deletion of a collection is narrowed to
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
        String path,
        Selectors selectors) {
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
                info.path(),
                Selectors.parse(info.fieldSelector(), info.labelSelector()));
    }

    /// AccessAttributes of a resource, in a namespace or with `""` at the cluster's scope.
    static AccessAttributes ofResource(
            User user, String verb, String group, String version, String plural, String namespace, String name) {
        return new AccessAttributes(user, verb, true, group, version, plural, "", namespace, name, "", Selectors.NONE);
    }

    /// Of a path that is no resource.
    public static AccessAttributes ofPath(User user, String verb, String path) {
        return new AccessAttributes(user, verb, false, "", "", "", "", "", "", path, Selectors.NONE);
    }

    /// The same with another verb.
    public AccessAttributes doing(String other) {
        return new AccessAttributes(
                user, other, resource, group, version, kindPlural, subresource, namespace, name, path, selectors);
    }

    /// The same by somebody else.
    AccessAttributes by(User other) {
        return new AccessAttributes(
                other, verb, resource, group, version, kindPlural, subresource, namespace, name, path, selectors);
    }

    AccessAttributes named(String other) {
        return new AccessAttributes(
                user, verb, resource, group, version, kindPlural, subresource, namespace, other, path, selectors);
    }

    AccessAttributes of(String otherSubresource) {
        return new AccessAttributes(
                user, verb, resource, group, version, kindPlural, otherSubresource, namespace, name, path, selectors);
    }

    /// The resource as messages and roles name it, with its subresource.
    String qualifiedResource() {
        return subresource.isEmpty() ? kindPlural : kindPlural + "/" + subresource;
    }
}
