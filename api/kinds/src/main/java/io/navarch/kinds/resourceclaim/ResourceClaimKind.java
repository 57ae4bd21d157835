package io.navarch.kinds.resourceclaim;

import io.navarch.kinds.deviceclass.DeviceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;

/// ResourceClaim.
public final class ResourceClaimKind {
    private ResourceClaimKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("resource.k8s.io", "ResourceClaim", "resourceclaims")
                .version(
                        "v1",
                        types.get("ResourceV1ResourceClaim"),
                        Columns.NAME,
                        Columns.text("State", ResourceClaimKind::state),
                        Columns.AGE)
                .withStatus()
                .defaultedBy(claim -> DeviceRules.defaults(View.of(claim).spec().get("devices")))
                .ruledBy((claim, old) -> {
                    var check = new Check();
                    DeviceRules.claim(claim.spec().get("devices"), "spec.devices", new ExpressionRules(old, check));
                    if (old.exists()
                            && !Trees.semanticEquals(
                                    claim.spec().value(), old.spec().value()))
                        check.add(FieldError.invalid("spec", claim.spec().map(), "field is immutable"));
                    return check.errors();
                });
    }

    private static String state(View claim) {
        var states = new ArrayList<String>();
        if (claim.deleting()) states.add("deleted");
        if (!claim.status().get("allocation").exists()) {
            if (!claim.deleting()) states.add("pending");
        } else {
            states.add("allocated");
            if (!claim.status().get("reservedFor").list().isEmpty()) states.add("reserved");
        }
        return String.join(",", states);
    }
}
