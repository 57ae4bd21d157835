package io.navarch.kinds.resourceslice;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// ResourceSlice.
public final class ResourceSliceKind {
    private ResourceSliceKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("resource.k8s.io", "ResourceSlice", "resourceslices")
                .version(
                        "v1",
                        types.get("V1ResourceSlice"),
                        Columns.NAME,
                        Columns.at("Node", "spec.nodeName"),
                        Columns.at("Driver", "spec.driver"),
                        Columns.at("Pool", "spec.pool.name"),
                        Columns.AGE)
                .clusterScoped()
                .withGeneration()
                .fieldAt("spec.driver", "spec.nodeName")
                .ruledBy((slice, old) -> {
                    var check = new Check();
                    var spec = slice.spec();
                    var driver = spec.get("driver").string();
                    if (check.required(spec.get("driver"), "spec.driver"))
                        check.name(driver, "spec.driver", Names.dnsSubdomain(driver));
                    check.required(spec.get("pool", "name"), "spec.pool.name");
                    if (spec.get("pool", "resourceSliceCount").longOr(0) <= 0)
                        check.add(FieldError.invalid(
                                "spec.pool.resourceSliceCount",
                                spec.get("pool", "resourceSliceCount").longOr(0),
                                "must be greater than zero"));
                    long ways = List.of("nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection").stream()
                            .filter(field -> spec.get(field).exists()
                                    && !Boolean.FALSE.equals(spec.get(field).value()))
                            .count();
                    if (ways != 1)
                        check.add(
                                ways == 0
                                        ? FieldError.required(
                                                "spec",
                                                "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required")
                                        : FieldError.invalid(
                                                "spec",
                                                spec.map(),
                                                "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set"));
                    if (old.exists()) {
                        for (var field : List.of("driver", "nodeName"))
                            check.immutable(spec.get(field), old.spec().get(field), "spec." + field);
                        check.immutable(spec.get("pool", "name"), old.spec().get("pool", "name"), "spec.pool.name");
                    }
                    return check.errors();
                });
    }
}
