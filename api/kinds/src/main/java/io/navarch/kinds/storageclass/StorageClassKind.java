package io.navarch.kinds.storageclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// StorageClass.
public final class StorageClassKind {
    private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";
    private static final String BETA_DEFAULT = "storageclass.beta.kubernetes.io/is-default-class";

    private StorageClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("storage.k8s.io", "StorageClass", "storageclasses")
                .version(
                        "v1",
                        types.get("V1StorageClass"),
                        new Column("Name", "name", 0, "", (c, now) -> c.name() + (isDefault(c) ? " (default)" : "")),
                        Columns.at("Provisioner", "provisioner"),
                        Columns.at("ReclaimPolicy", "reclaimPolicy"),
                        Columns.at("VolumeBindingMode", "volumeBindingMode"),
                        new Column(
                                "AllowVolumeExpansion",
                                "boolean",
                                0,
                                "",
                                (c, now) -> c.get("allowVolumeExpansion").bool()),
                        Columns.AGE)
                .names("storageclass", "StorageClassList")
                .shortNames("sc")
                .clusterScoped()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    topologies(object.get("allowedTopologies"), check);
                    if (!old.exists()) return check.errors();
                    for (var field : List.of("parameters", "provisioner", "reclaimPolicy"))
                        check.unchanged(
                                object.get(field), old.get(field), field, "updates to " + field + " are forbidden.");
                    check.immutable(object.get("volumeBindingMode"), old.get("volumeBindingMode"), "volumeBindingMode");
                    return check.errors();
                });
    }

    private static void topologies(View terms, Check check) {
        int i = 0;
        var seen = new HashSet<Map<String, Set<String>>>();
        for (var term : terms.views()) {
            var path = "allowedTopologies[" + i++ + "].matchLabelExpressions";
            var values = new HashMap<String, Set<String>>();
            int j = 0;
            for (var expression : term.get("matchLabelExpressions").views()) {
                var at = path + "[" + j++ + "]";
                var key = expression.get("key").string();
                check.name(key, at + ".key", Names.qualifiedName(key));
                var given = new HashSet<String>();
                int k = 0;
                for (var value : expression.get("values").strings()) {
                    if (!given.add(value)) check.add(FieldError.duplicate(at + ".values[" + k + "]", value));
                    k++;
                }
                if (values.put(key, given) != null) check.add(FieldError.duplicate(at + ".key", key));
            }
            if (!seen.add(values)) check.add(FieldError.duplicate(path, ""));
        }
    }

    public static boolean isDefault(View storageClass) {
        return storageClass.annotation(DEFAULT).equals("true")
                || storageClass.annotation(BETA_DEFAULT).equals("true");
    }
}
