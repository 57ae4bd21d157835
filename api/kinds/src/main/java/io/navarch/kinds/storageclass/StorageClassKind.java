package io.navarch.kinds.storageclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Provisioning;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.model.StorageClass;
import io.navarch.model.TopologySelectorTerm;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// StorageClass: where claims of it get their volumes from.
public final class StorageClassKind {
    private static final List<String> POLICIES = List.of("Delete", "Retain");

    private StorageClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.STORAGE_CLASSES)
                .showsDeleted()
                .version(
                        types.get("V1StorageClass"),
                        columns -> columns.add("Name", "name", 0, "", (c, now) -> name(c))
                                .text("Provisioner", StorageClass::provisioner)
                                .text("ReclaimPolicy", c -> c.reclaimPolicy().text())
                                .text(
                                        "VolumeBindingMode",
                                        c -> c.volumeBindingMode().text())
                                .untyped("AllowVolumeExpansion", StorageClass::allowVolumeExpansion)
                                .age())
                .shortNames("sc")
                .ruledBy(StorageClassKind::check)
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static String name(StorageClass storageClass) {
        return storageClass.name() + (StorageClasses.isDefault(storageClass) ? " (default)" : "");
    }

    private static List<FieldError> check(StorageClass now, StorageClass old) {
        var check = new Check();
        Provisioning.provider(now.provisioner(), StorageClass.PROVISIONER, check);
        Provisioning.parameters(now.parameters(), StorageClass.PARAMETERS, check);
        // Nothing that is said expressly is let through, although it means nothing.
        var policy = now.raw(StorageClass.RECLAIM_POLICY).string();
        if (!policy.isEmpty() && !POLICIES.contains(policy))
            check.notSupported(StorageClass.RECLAIM_POLICY, policy, POLICIES);
        topologies(now.allowedTopologies(), check);
        if (!old.exists()) return check.errors();
        check.immutable(
                now,
                old,
                "",
                StorageClass.PARAMETERS,
                StorageClass.PROVISIONER,
                StorageClass.RECLAIM_POLICY,
                StorageClass.VOLUME_BINDING_MODE);
        return check.errors();
    }

    private static void topologies(List<TopologySelectorTerm> terms, Check check) {
        int i = 0;
        var seen = new ArrayList<Map<String, Set<String>>>();
        for (var term : terms) {
            var path = "allowedTopologies[" + i++ + "].matchLabelExpressions";
            var values = values(term, path, check);
            // An empty term counts as the double of every term.
            int before = values.isEmpty() ? terms.size() : 0;
            for (int j = before + Collections.frequency(seen, values); j > 0; j--) check.duplicate(path, "");
            seen.add(values);
        }
    }

    private static Map<String, Set<String>> values(TopologySelectorTerm term, String path, Check check) {
        var result = new HashMap<String, Set<String>>();
        int i = 0;
        for (var expression : term.matchLabelExpressions()) {
            var at = path + "[" + i++ + "]";
            var key = expression.key();
            check.name(key, at + ".key", Names.qualifiedName(key));
            var given = new HashSet<String>();
            int j = 0;
            for (var value : expression.values()) {
                if (!given.add(value)) check.add(FieldError.duplicate(at + ".values[" + j + "]", value));
                j++;
            }
            if (result.put(key, given) != null) check.add(FieldError.duplicate(at + ".key", key));
        }
        return result;
    }
}
