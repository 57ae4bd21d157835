package io.navarch.kinds.resourceclaimtemplate;

import io.navarch.kinds.deviceclass.DeviceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;

/// ResourceClaimTemplate.
public final class ResourceClaimTemplateKind {
    private ResourceClaimTemplateKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("resource.k8s.io", "ResourceClaimTemplate", "resourceclaimtemplates")
                .version("v1", types.get("V1ResourceClaimTemplate"), Columns.NAME, Columns.AGE)
                .defaultedBy(template -> DeviceRules.defaults(View.of(template).path("spec.spec.devices")))
                .ruledBy((template, old) -> {
                    var check = new Check();
                    DeviceRules.claim(
                            template.path("spec.spec.devices"), "spec.spec.devices", new ExpressionRules(old, check));
                    if (old.exists()
                            && !Trees.semanticEquals(
                                    template.spec().value(), old.spec().value()))
                        check.add(FieldError.invalid("spec", template.spec().map(), "field is immutable"));
                    return check.errors();
                });
    }
}
