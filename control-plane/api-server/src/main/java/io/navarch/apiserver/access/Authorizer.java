package io.navarch.apiserver.access;

import io.navarch.apiserver.request.RequestInfo;
import io.navarch.apiserver.request.User;
import java.util.List;

/// Decides whether a user may do something.
public interface Authorizer {
    /// `resource` requests name group, resource and the rest; others only verb and path.
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
    }

    /// `reason` says why; an absent rule is no error.
    record Decision(boolean allowed, String reason) {}

    Decision authorize(Attributes attributes);

    /// The rules that apply to a user in a namespace, for `SelfSubjectRulesReview`.
    List<RbacAuthorizer.Rule> rules(User user, String namespace);
}
