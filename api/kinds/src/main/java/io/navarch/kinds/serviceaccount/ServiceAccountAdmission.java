package io.navarch.kinds.serviceaccount;

import io.navarch.objects.ApiException;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Gives every pod a service account, and its token, CA and namespace as a projected volume.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
public final class ServiceAccountAdmission implements Admission.Mutating {
    private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static final String DEFAULT = "default";

    private final RandomGenerator random;

    public ServiceAccountAdmission(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates("", "pods");
    }

    @Override
    public Optional<Admission.Reference> awaited(Admission.Attributes call, View pod, Admission.Lookup lookup) {
        var name = accountOf(pod);
        if (!name.equals(DEFAULT) || mirrors(pod)) return Optional.empty();
        if (account(call, name, lookup).exists()) return Optional.empty();
        var namespace = lookup.get("", "namespaces", "", call.namespace());
        if (!namespace.exists() || namespace.deleting()) return Optional.empty();
        return Optional.of(new Admission.Reference("", "serviceaccounts", call.namespace(), name));
    }

    private static boolean mirrors(View pod) {
        return !pod.annotation("kubernetes.io/config.mirror").isEmpty();
    }

    private static String accountOf(View pod) {
        var name = pod.spec().get("serviceAccountName").string();
        return name.isEmpty() ? DEFAULT : name;
    }

    private static View account(Admission.Attributes call, String name, Admission.Lookup lookup) {
        return lookup.get("", "serviceaccounts", call.namespace(), name);
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> pod, View old, Admission.Lookup lookup) {
        if (mirrors(View.of(pod))) return;
        var spec = Trees.child(pod, "spec");
        var name = accountOf(View.of(pod));
        if (View.of(spec).get("serviceAccountName").string().isEmpty()) {
            spec.put("serviceAccountName", name);
            spec.put("serviceAccount", name);
        }
        var account = account(call, name, lookup);
        if (!account.exists()) {
            throw ApiException.forbidden(
                    "pods",
                    "",
                    call.name(),
                    "error looking up service account " + call.namespace() + "/" + name + ": serviceaccount \"" + name
                            + "\" not found");
        }
        boolean mount = View.of(spec)
                .get("automountServiceAccountToken")
                .boolOr(account.get("automountServiceAccountToken").boolOr(true));
        if (mount) mountToken(spec);
        if (View.of(spec).get("imagePullSecrets").list().isEmpty()
                && !account.get("imagePullSecrets").list().isEmpty()) {
            spec.put(
                    "imagePullSecrets",
                    Trees.copy(account.get("imagePullSecrets").value()));
        }
    }

    @SuppressWarnings("unchecked")
    private void mountToken(Map<String, Object> spec) {
        var volume = Names.generate("kube-api-access-", random);
        for (var existing : View.of(spec).get("volumes").views()) {
            if (existing.get("name").string().startsWith("kube-api-access-"))
                volume = existing.get("name").string();
        }
        boolean used = false;
        for (var field : List.of("initContainers", "containers")) {
            for (var element : View.of(spec).get(field).list()) {
                var container = (Map<String, Object>) element;
                if (View.of(container)
                        .get("volumeMounts")
                        .find("mountPath", MOUNT)
                        .exists()) continue;
                Trees.childList(container, "volumeMounts")
                        .add(Trees.map("name", volume, "readOnly", true, "mountPath", MOUNT));
                used = true;
            }
        }
        if (used && !View.of(spec).get("volumes").find("name", volume).exists()) {
            Trees.childList(spec, "volumes").add(volume(volume));
        }
    }

    private static Map<String, Object> volume(String name) {
        var sources = new ArrayList<Object>();
        // Seven seconds more than an hour tell these tokens from others in audit logs, as in kube-apiserver.
        sources.add(Trees.map("serviceAccountToken", Trees.map("expirationSeconds", 3607L, "path", "token")));
        sources.add(Trees.map(
                "configMap",
                Trees.map(
                        "name",
                        "kube-root-ca.crt",
                        "items",
                        Trees.list(Trees.map("key", "ca.crt", "path", "ca.crt")))));
        sources.add(Trees.map(
                "downwardAPI",
                Trees.map(
                        "items",
                        Trees.list(Trees.map(
                                "path",
                                "namespace",
                                "fieldRef",
                                Trees.map("apiVersion", "v1", "fieldPath", "metadata.namespace"))))));
        return Trees.map("name", name, "projected", Trees.map("sources", sources, "defaultMode", 420L));
    }
}
