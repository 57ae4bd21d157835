package io.navarch.kinds.namespace;

import io.navarch.kinds.types.Types;
import io.navarch.model.Namespace;
import io.navarch.model.NamespacePhase;
import io.navarch.model.NamespaceStatus;
import io.navarch.model.Resources;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.Map;

/// Namespace. It is deleted in two steps: marked, then emptied by its controller, which takes the `kubernetes`
/// finalizer out of the spec.
public final class NamespaceKind {
    private static final String FINALIZER = "kubernetes";
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private NamespaceKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.NAMESPACES)
                .version(
                        types.get("V1Namespace"),
                        columns -> columns.name()
                                .text("Status", NamespaceKind::phase)
                                .age())
                .shortNames("ns")
                // Namespaces cannot be deleted many at a time, in any version of Kubernetes.
                .verbs("create", "delete", "get", "list", "patch", "update", "watch")
                .named(Names::dnsLabel)
                .withStatus()
                .field("status.phase", NamespaceKind::phase)
                .defaultedBy(Namespace::edit, NamespaceKind::label)
                .preparedBy(Namespace::edit, NamespaceKind::prepare)
                .heldWhile(namespace -> !namespace.spec().finalizers().isEmpty(), NamespaceKind::markTerminating)
                .connect("finalize", "Namespace", "", "", "update")
                .build();
    }

    private static String phase(Namespace namespace) {
        return namespace.status().raw(NamespaceStatus.PHASE).string();
    }

    private static void markTerminating(Map<String, Object> tree) {
        Namespace.edit(tree).status(status -> status.phase(NamespacePhase.TERMINATING));
    }

    private static void label(Namespace.Builder namespace) {
        var name = namespace.build().name();
        if (!name.isEmpty()) namespace.metadata(metadata -> metadata.putLabels(NAME_LABEL, name));
    }

    private static void prepare(Namespace.Builder namespace, Namespace old) {
        // Only the finalize subresource writes the finalizers of a namespace that there is.
        if (old.spec().exists()) namespace.spec(old.spec());
        if (old.exists()) return;
        var finalizers = new ArrayList<>(namespace.build().spec().finalizers());
        if (!finalizers.contains(FINALIZER)) finalizers.add(FINALIZER);
        namespace.spec(spec -> spec.finalizers(finalizers));
        namespace.status(NamespaceStatus.builder().phase(NamespacePhase.ACTIVE).build());
    }
}
