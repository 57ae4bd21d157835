package io.navarch.kinds.resourceclaimtemplate;

import io.navarch.kinds.deviceclass.DeviceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.ObjectMeta;
import io.navarch.model.ResourceClaimTemplate;
import io.navarch.model.ResourceClaimTemplateSpec;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;
import java.util.Locale;

/// ResourceClaimTemplate: what the claims are like that are made for a pod.
public final class ResourceClaimTemplateKind {
    private ResourceClaimTemplateKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.RESOURCE_CLAIM_TEMPLATES)
                .showsDeleted()
                .version(
                        types.get("V1ResourceClaimTemplate"),
                        columns -> columns.name().age())
                .defaultedBy(template -> ResourceClaimTemplate.edit(template)
                        .editSpec(spec -> spec.editSpec(claim -> claim.editDevices(DeviceRules::defaults))))
                .ruledBy((template, old) -> check(template.spec(), old.spec(), new ExpressionRules(old, new Check())))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    /// Claims get labels and annotations of a template, and nothing else that it says.
    private static void metadata(ObjectMeta metadata, Check check) {
        var path = "spec.metadata";
        check.labels(metadata.labels(), path + ".labels");
        metadata.annotations()
                .keySet()
                .forEach(key ->
                        check.name(key, path + ".annotations", Names.qualifiedName(key.toLowerCase(Locale.ROOT))));
        for (var field : metadata.view().map().keySet()) {
            if (field.equals(ObjectMeta.LABELS) || field.equals(ObjectMeta.ANNOTATIONS)) continue;
            // Go's name, with a small letter in front.
            check.forbidden(path + "." + (field.equals(ObjectMeta.UID) ? "uID" : field), "cannot be set");
        }
    }

    private static List<FieldError> check(
            ResourceClaimTemplateSpec spec, ResourceClaimTemplateSpec old, ExpressionRules expressions) {
        var check = expressions.errors();
        metadata(spec.metadata(), check);
        DeviceRules.claim(spec.spec().devices(), "spec.spec.devices", expressions);
        check.immutable(spec.view(), old.view(), "spec");
        return check.errors();
    }
}
