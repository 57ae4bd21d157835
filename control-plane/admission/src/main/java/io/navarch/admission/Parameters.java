package io.navarch.admission;

import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.registry.Resources;
import io.navarch.model.ParamKind;
import io.navarch.model.ParamRef;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Optional;

/// Finds the parameters of policies, which are objects of any kind.
record Parameters(Resources resources) {
    /// How expressions name one.
    static final String VARIABLE = "params";

    /// It is configured in a way that cannot be.
    static final class MisconfiguredException extends Exception {
        final boolean policy;

        /// @param policy whether it is the policy, rather than the binding
        MisconfiguredException(String message, boolean policy) {
            super(message, null, false, false);
            this.policy = policy;
        }
    }

    /// @param namespace of the call
    /// @return each parameter that the policy is to be asked with; an absent one for a policy without any
    List<View> of(ParamKind kind, ParamRef reference, String namespace) throws MisconfiguredException {
        if (!kind.exists()) return List.of(View.ABSENT);
        var endpoint = endpoint(kind);
        if (!reference.exists()) return List.of(View.ABSENT);
        var in = namespace(endpoint, reference, namespace);
        var found = reference.name().isEmpty() ? selected(endpoint, reference, in) : named(endpoint, reference, in);
        if (found.isEmpty() && reference.parameterNotFoundAction().equals("Deny"))
            throw new MisconfiguredException(
                    "no params found for policy binding with `Deny` parameterNotFoundAction", false);
        return found;
    }

    private Endpoint endpoint(ParamKind kind) throws MisconfiguredException {
        var apiVersion = kind.apiVersion();
        int slash = apiVersion.indexOf('/');
        var group = slash < 0 ? "" : apiVersion.substring(0, slash);
        var version = apiVersion.substring(slash + 1);
        return resources.all().stream()
                .filter(each -> each.group().equals(group) && each.kind().equals(kind.kind()) && each.listable())
                .flatMap(each -> resources.endpoint(group, version, each.plural()).stream())
                .filter(endpoint -> endpoint.stored().isPresent())
                .findFirst()
                .orElseThrow(() -> new MisconfiguredException(
                        "failed to find resource referenced by paramKind: '" + (group.isEmpty() ? "/" : "") + apiVersion
                                + ", Kind=" + kind.kind() + "'",
                        true));
    }

    private static String namespace(Endpoint endpoint, ParamRef reference, String namespace)
            throws MisconfiguredException {
        if (!endpoint.kind().namespaced()) {
            if (reference.namespace().isEmpty()) return "";
            throw new MisconfiguredException(
                    "paramRef.namespace must not be provided for a cluster-scoped `paramKind`", false);
        }
        if (!reference.namespace().isEmpty()) return reference.namespace();
        if (!namespace.isEmpty()) return namespace;
        throw new MisconfiguredException(
                "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources", false);
    }

    private List<View> named(Endpoint endpoint, ParamRef reference, String namespace) {
        var kind = endpoint.kind();
        return Optional.of(resources.get(kind.group(), kind.plural(), namespace, reference.name()))
                .filter(View::exists)
                .map(found -> shown(endpoint, found))
                .stream()
                .toList();
    }

    private List<View> selected(Endpoint endpoint, ParamRef reference, String namespace) {
        var selector = LabelSelector.ofObject(reference.selector());
        var kind = endpoint.kind();
        return resources.list(kind.group(), kind.plural(), namespace).stream()
                .filter(each -> selector.matches(each.labels()))
                .map(each -> shown(endpoint, each))
                .toList();
    }

    private static View shown(Endpoint endpoint, View stored) {
        return endpoint.converts() ? View.of(endpoint.fromStorage(Trees.copy(stored.map()))) : stored;
    }
}
