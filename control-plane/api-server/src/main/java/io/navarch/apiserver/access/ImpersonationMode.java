package io.navarch.apiserver.access;

import io.navarch.schema.admission.User;
import java.util.List;
import java.util.Map;

/// The ways to act as somebody else, in the order in which they are tried. All but the last need a right to
/// what is done as that user, too.
///
/// Source: https://kep.k8s.io/5284
enum ImpersonationMode {
    /// A pod acts as the node that it runs on.
    ASSOCIATED_NODE("associated-node") {
        @Override
        boolean fits(User wanted, User requestor) {
            var node = UserNames.node(wanted.name());
            return onlyNamed(wanted)
                    && node.isPresent()
                    && UserNames.account(requestor.name()).isPresent()
                    && requestor.extra().getOrDefault(NODE_NAME, List.of()).equals(List.of(node.get()));
        }
    },
    ARBITRARY_NODE("arbitrary-node") {
        @Override
        boolean fits(User wanted, User requestor) {
            return onlyNamed(wanted) && UserNames.node(wanted.name()).isPresent();
        }
    },
    SERVICE_ACCOUNT("serviceaccount") {
        @Override
        boolean fits(User wanted, User requestor) {
            return onlyNamed(wanted) && UserNames.account(wanted.name()).isPresent();
        }
    },
    /// Everybody whose name has no fixed form.
    USER_INFO("user-info") {
        @Override
        boolean fits(User wanted, User requestor) {
            return UserNames.node(wanted.name()).isEmpty()
                    && UserNames.account(wanted.name()).isEmpty();
        }
    },
    /// The right to be somebody, whatever is done as that user.
    LEGACY("") {
        @Override
        boolean fits(User wanted, User requestor) {
            return true;
        }
    };

    private static final String NODE_NAME = "authentication.kubernetes.io/node-name";
    private static final String NODE_KEYS = "authentication.kubernetes.io/associated-node-keys";
    private static final String VERB = "impersonate";

    private final String text;

    ImpersonationMode(String text) {
        this.text = text;
    }

    /// Whether this is a way for this user to act as that one.
    abstract boolean fits(User wanted, User requestor);

    boolean constrained() {
        return this != LEGACY;
    }

    /// The group of the resources that stand for users and groups.
    String group() {
        return constrained() ? "authentication.k8s.io" : "";
    }

    /// The verb of the right to be somebody.
    String verb() {
        return constrained() ? VERB + ":" + text : VERB;
    }

    /// The verb of the right to do something as somebody else.
    String verbOn(String verb) {
        return VERB + "-on:" + text + ":" + verb;
    }

    /// What authorizers are asked. Where a pod acts as its own node, the right does not depend on which node that is.
    AccessAttributes asked(AccessAttributes call) {
        if (this != ASSOCIATED_NODE) return call;
        var user = call.user();
        var keys = user.extra().keySet().stream().sorted().toList();
        var bare = call.by(new User(user.name(), user.uid(), user.groups(), Map.of(NODE_KEYS, keys)));
        return call.verb().equals(verb()) ? bare.named("*") : bare;
    }

    private static boolean onlyNamed(User wanted) {
        return wanted.uid().isEmpty()
                && wanted.groups().isEmpty()
                && wanted.extra().isEmpty();
    }
}
