package io.navarch.kinds.resourceclaimtemplate;

import io.navarch.kinds.deviceclass.DeviceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.ResourceClaimTemplate;
import io.navarch.model.ResourceClaimTemplateSpec;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// ResourceClaimTemplate: what the claims are like that are made for a pod.
public final class ResourceClaimTemplateKind {
    private ResourceClaimTemplateKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("resource.k8s.io", "ResourceClaimTemplate", "resourceclaimtemplates")
                .version("v1", types.get("V1ResourceClaimTemplate"), Columns.NAME, Columns.AGE)
                .defaultedBy(template -> ResourceClaimTemplate.edit(template)
                        .editSpec(spec -> spec.editSpec(claim -> claim.editDevices(DeviceRules::defaults))))
                .ruledBy((template, old) -> check(
                        ResourceClaimTemplate.of(template).spec(),
                        ResourceClaimTemplate.of(old).spec(),
                        new ExpressionRules(old, new Check())));
    }

    private static List<FieldError> check(
            ResourceClaimTemplateSpec spec, ResourceClaimTemplateSpec old, ExpressionRules expressions) {
        var check = expressions.errors();
        DeviceRules.claim(spec.spec().devices(), "spec.spec.devices", expressions);
        check.immutable(spec.view(), old.view(), "spec");
        return check.errors();
    }
}
