package io.navarch.kinds.resourceclaimtemplate;

import io.navarch.kinds.deviceclass.DeviceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.ResourceClaimTemplate;
import io.navarch.model.ResourceClaimTemplateSpec;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// ResourceClaimTemplate: what the claims are like that are made for a pod.
public final class ResourceClaimTemplateKind {
    private ResourceClaimTemplateKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.RESOURCE_CLAIM_TEMPLATES)
                .version(
                        types.get("V1ResourceClaimTemplate"),
                        columns -> columns.name().age())
                .defaultedBy(template -> ResourceClaimTemplate.edit(template)
                        .editSpec(spec -> spec.editSpec(claim -> claim.editDevices(DeviceRules::defaults))))
                .ruledBy((template, old) -> check(template.spec(), old.spec(), new ExpressionRules(old, new Check())))
                .build();
    }

    private static List<FieldError> check(
            ResourceClaimTemplateSpec spec, ResourceClaimTemplateSpec old, ExpressionRules expressions) {
        var check = expressions.errors();
        DeviceRules.claim(spec.spec().devices(), "spec.spec.devices", expressions);
        check.immutable(spec.view(), old.view(), "spec");
        return check.errors();
    }
}
