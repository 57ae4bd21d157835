package io.navarch.kinds.namespace;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Namespace;
import io.navarch.model.NamespacePhase;
import io.navarch.model.NamespaceStatus;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.Finalizers;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Namespace. It is deleted in two steps: marked, then emptied by its controller, which takes the `kubernetes`
/// finalizer out of the spec.
public final class NamespaceKind {
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private NamespaceKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.NAMESPACES)
                .showsDeleted()
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
                .ruledBy(NamespaceKind::check)
                .statusRuledBy(NamespaceKind::checkStatus)
                .preparedBy(Namespace::edit, NamespaceKind::prepare)
                .heldWhile(namespace -> !namespace.spec().finalizers().isEmpty(), NamespaceKind::markTerminating)
                .connect("finalize", "Namespace", "", "", "update")
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static String phase(Namespace namespace) {
        return namespace.status().raw(NamespaceStatus.PHASE).string();
    }

    private static void markTerminating(Map<String, Object> tree) {
        Namespace.edit(tree).status(status -> status.phase(NamespacePhase.TERMINATING));
    }

    private static List<FieldError> check(Namespace namespace, Namespace old) {
        var check = new Check();
        for (var finalizer : namespace.spec().finalizers()) {
            check.name(finalizer, "spec.finalizers", Names.qualifiedName(finalizer));
            if (!Finalizers.owned(finalizer))
                check.invalid(
                        "spec.finalizers",
                        finalizer,
                        "name is neither a standard finalizer name nor is it fully qualified");
        }
        return check.errors();
    }

    private static List<FieldError> checkStatus(Namespace namespace, Namespace old) {
        var check = new Check();
        var wanted = namespace.deleting() ? NamespacePhase.TERMINATING : NamespacePhase.ACTIVE;
        var phase = phase(namespace);
        // The capital letter is the original's.
        if (!phase.equals(wanted.text()))
            check.invalid(
                    "status.Phase",
                    phase,
                    "may only be '" + wanted + "' if `deletionTimestamp` is " + (namespace.deleting() ? "not " : "")
                            + "empty");
        return check.errors();
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
        if (!finalizers.contains(Finalizers.KUBERNETES)) finalizers.add(Finalizers.KUBERNETES);
        namespace.spec(spec -> spec.finalizers(finalizers));
        namespace.status(NamespaceStatus.builder().phase(NamespacePhase.ACTIVE).build());
    }
}
