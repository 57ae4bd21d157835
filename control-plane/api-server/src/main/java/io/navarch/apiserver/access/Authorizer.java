package io.navarch.apiserver.access;

import io.navarch.apiserver.request.RequestInfo;
import io.navarch.schema.admission.User;
import java.util.List;

/// Decides whether a user may do something.
public interface Authorizer {
    /// Requests for resources name group, resource and so on; others only verb and path.
    record Attributes(
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
        public static Attributes of(User user, RequestInfo info) {
            return new Attributes(
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

        /// Attributes of a resource at the cluster's scope.
        public static Attributes ofResource(
                User user, String verb, String group, String version, String plural, String name) {
            return new Attributes(user, verb, true, group, version, plural, "", "", name, "");
        }

        static Attributes ofPath(User user, String verb, String path) {
            return new Attributes(user, verb, false, "", "", "", "", "", "", path);
        }
    }

    /// @param reason why it is allowed; empty when no rule says so
    record Decision(boolean allowed, String reason) {}

    Decision authorize(Attributes attributes);

    /// The rules that apply to a user in a namespace, for `SelfSubjectRulesReview`.
    List<PolicyRule> rules(User user, String namespace);
}
