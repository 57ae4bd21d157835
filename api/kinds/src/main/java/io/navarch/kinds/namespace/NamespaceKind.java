package io.navarch.kinds.namespace;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.Map;

/// Namespace. It is deleted in two steps: marked, then emptied by its controller, which takes the `kubernetes`
/// finalizer
/// out of the spec.
public final class NamespaceKind {
    private NamespaceKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "Namespace", "namespaces")
                .version(
                        "v1",
                        types.get("V1Namespace"),
                        Columns.NAME,
                        Columns.text("Status", n -> n.status().get("phase").string()),
                        Columns.AGE)
                .shortNames("ns")
                .clusterScoped()
                // Namespaces cannot be deleted many at a time, in any version of Kubernetes.
                .verbs("create", "delete", "get", "list", "patch", "update", "watch")
                .named(Names::dnsLabel)
                .withStatus()
                .field("status.phase", n -> n.status().get("phase").string())
                .preparedBy(NamespaceKind::prepare)
                .heldWhile(
                        namespace -> !namespace.spec().get("finalizers").list().isEmpty(),
                        namespace -> Trees.put(namespace, "Terminating", "status", "phase"))
                .connect("finalize", "Namespace", "", "", "update");
    }

    private static void prepare(Map<String, Object> namespace, View old) {
        Trees.put(namespace, View.of(namespace).name(), "metadata", "labels", "kubernetes.io/metadata.name");
        if (old.exists()) {
            // Only the finalize subresource writes these.
            if (old.spec().exists()) namespace.put("spec", Trees.copy(old.spec().value()));
            return;
        }
        namespace.put("spec", Trees.map("finalizers", Trees.list("kubernetes")));
        namespace.put("status", Trees.map("phase", "Active"));
    }
}
