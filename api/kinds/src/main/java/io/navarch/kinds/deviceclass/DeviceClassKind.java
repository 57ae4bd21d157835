package io.navarch.kinds.deviceclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.kinds.types.Types;
import io.navarch.model.DeviceClass;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;

/// DeviceClass: a sort of devices that claims can ask for.
public final class DeviceClassKind {
    private DeviceClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.DEVICE_CLASSES)
                .showsDeleted()
                .version(types.get("V1DeviceClass"), columns -> columns.name().age())
                .withGeneration()
                .ruledBy((object, old) -> check(object, new ExpressionRules(old, new Check())))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .named(Names::longName)
                .withAnyPrefix()
                .build();
    }

    private static List<FieldError> check(DeviceClass object, ExpressionRules expressions) {
        var spec = object.spec();
        DeviceRules.selectors(spec.selectors(), "spec.selectors", expressions);
        var check = expressions.errors();
        DeviceRules.each(
                spec.config(),
                "spec.config",
                check,
                (configuration, at) -> DeviceRules.opaque(configuration.opaque(), at + ".opaque", check));
        var name = spec.extendedResourceName();
        if (spec.hasExtendedResourceName()
                && (!ResourceNames.extended(name)
                        || !Names.qualifiedName("requests." + name).isEmpty()))
            check.invalid("spec.extendedResourceName", name, "must be a valid extended resource name");
        return check.errors();
    }
}
