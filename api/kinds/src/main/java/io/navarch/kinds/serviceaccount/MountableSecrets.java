package io.navarch.kinds.serviceaccount;

import io.navarch.model.EnvFromSource;
import io.navarch.model.EnvVar;
import io.navarch.model.LocalObjectReference;
import io.navarch.model.ObjectReference;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.ServiceAccount;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Holds pods to the Secrets of their account, where the account says that these are all.
///
/// Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#enforce-mountable-secrets
public final class MountableSecrets implements Admission.Validating {
    static final String ENFORCED = "kubernetes.io/enforce-mountable-secrets";
    private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates(Resources.PODS)
                || call.is(Resources.PODS)
                        && call.operation() == Operation.UPDATE
                        && call.subresource().equals("ephemeralcontainers");
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var pod = Pod.of(object);
        var account = lookup.get(
                Resources.SERVICE_ACCOUNTS, call.namespace(), pod.spec().serviceAccountName());
        if (!TRUE.contains(account.annotations().getOrDefault(ENFORCED, ""))) return;
        var references = new References(call, account);
        if (call.operation() == Operation.CREATE) references.check(pod);
        else
            for (var container : pod.spec().ephemeralContainers())
                references.check("ephemeral container " + container.name(), container.env(), container.envFrom());
    }

    private record References(Admission.Attributes call, ServiceAccount account, Set<String> known) {
        References(Admission.Attributes call, ServiceAccount account) {
            this(
                    call,
                    account,
                    account.secrets().stream().map(ObjectReference::name).collect(Collectors.toSet()));
        }

        void check(Pod pod) {
            for (var volume : pod.spec().volumes())
                if (volume.hasSecret())
                    require("volume with secret.secretName=", volume.secret().secretName());
            for (var container : pod.spec().initContainers())
                check("init container " + container.name(), container.env(), container.envFrom());
            for (var container : pod.spec().containers())
                check("container " + container.name(), container.env(), container.envFrom());
            var pulling = account.imagePullSecrets().stream()
                    .map(LocalObjectReference::name)
                    .collect(Collectors.toSet());
            int i = 0;
            for (var secret : pod.spec().imagePullSecrets()) {
                var at = "imagePullSecrets[" + i++ + "].name=";
                if (!pulling.contains(secret.name())) throw refused(at, secret.name(), "imagePullSecret");
            }
        }

        void check(String container, List<EnvVar> variables, List<EnvFromSource> sources) {
            for (var variable : variables)
                if (variable.valueFrom().hasSecretKeyRef())
                    require(
                            container + " with envVar " + variable.name() + " referencing secret.secretName=",
                            variable.valueFrom().secretKeyRef().name());
            for (var source : sources)
                if (source.hasSecretRef())
                    require(
                            container + " with envFrom referencing secret.secretName=",
                            source.secretRef().name());
        }

        private void require(String what, String secret) {
            if (!known.contains(secret)) throw refused(what, secret, "secret");
        }

        private ApiException refused(String what, String secret, String kind) {
            return ApiException.forbidden(
                    Resources.PODS.plural(),
                    "",
                    call.name(),
                    what + '"' + secret + "\" is not allowed because service account " + account.name()
                            + " does not reference that " + kind);
        }
    }
}
