package io.navarch.kinds.resourceclaim;

import io.navarch.kinds.deviceclass.DeviceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.ResourceClaim;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.ArrayList;
import java.util.List;

/// ResourceClaim: devices that pods are promised.
public final class ResourceClaimKind {
    private ResourceClaimKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.RESOURCE_CLAIMS)
                .showsDeleted()
                .version(
                        types.get("ResourceV1ResourceClaim"),
                        columns -> columns.name()
                                .text("State", claim -> state(claim))
                                .age())
                .withStatus()
                .resetting("status", "metadata", "spec")
                .defaultedBy(
                        claim -> ResourceClaim.edit(claim).editSpec(spec -> spec.editDevices(DeviceRules::defaults)))
                .statusRuledBy(AllocationRules::check)
                .ruledBy((claim, old) -> check(claim, old, new ExpressionRules(old, new Check())))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static List<FieldError> check(ResourceClaim claim, ResourceClaim old, ExpressionRules expressions) {
        var check = expressions.errors();
        // What cannot change was checked when it was made.
        if (!old.exists()) DeviceRules.claim(claim.spec().devices(), "spec.devices", expressions);
        else check.immutable(claim.spec().view(), old.spec().view(), "spec");
        return check.errors();
    }

    private static String state(ResourceClaim claim) {
        var states = new ArrayList<String>();
        if (claim.deleting()) states.add("deleted");
        if (!claim.status().hasAllocation()) {
            if (!claim.deleting()) states.add("pending");
        } else {
            states.add("allocated");
            if (!claim.status().reservedFor().isEmpty()) states.add("reserved");
        }
        return String.join(",", states);
    }
}
