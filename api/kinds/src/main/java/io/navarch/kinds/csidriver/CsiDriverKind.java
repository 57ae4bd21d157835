package io.navarch.kinds.csidriver;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.CSIDriver;
import io.navarch.model.CSIDriverSpec;
import io.navarch.model.Enumeration;
import io.navarch.model.StorageTokenRequest;
import io.navarch.model.VolumeLifecycleMode;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// CSIDriver: what a storage driver of the nodes is capable of and wants to be told.
public final class CsiDriverKind {
    private static final List<String> FIXED =
            List.of(CSIDriverSpec.ATTACH_REQUIRED, CSIDriverSpec.FS_GROUP_POLICY, CSIDriverSpec.VOLUME_LIFECYCLE_MODES);

    private CsiDriverKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("storage.k8s.io", "CSIDriver", "csidrivers")
                .version(
                        "v1",
                        types.get("V1CSIDriver"),
                        Columns.NAME,
                        flag("AttachRequired", CSIDriverSpec::attachRequired),
                        flag("PodInfoOnMount", CSIDriverSpec::podInfoOnMount),
                        flag("StorageCapacity", CSIDriverSpec::storageCapacity),
                        Columns.text("TokenRequests", driver -> audiences(spec(driver))),
                        flag("RequiresRepublish", CSIDriverSpec::requiresRepublish),
                        Columns.text(
                                "Modes",
                                driver -> Columns.joined(modes(spec(driver)).strings())),
                        Columns.AGE)
                .clusterScoped()
                .withGeneration()
                .updatedConditionally()
                .ruledBy((object, old) -> check(CSIDriver.of(object), CSIDriver.of(old)));
    }

    private static CSIDriverSpec spec(View driver) {
        return CSIDriver.of(driver).spec();
    }

    private static View modes(CSIDriverSpec spec) {
        return spec.raw(CSIDriverSpec.VOLUME_LIFECYCLE_MODES);
    }

    private static List<FieldError> check(CSIDriver driver, CSIDriver old) {
        var check = new Check();
        if (driver.name().length() > 63)
            check.add(FieldError.tooLong("metadata.name", "may not be more than 63 bytes"));
        for (var mode : modes(driver.spec()).views())
            check.oneOf(mode, "spec.volumeLifecycleModes", Enumeration.texts(VolumeLifecycleMode.values()));
        for (var field : FIXED)
            check.immutable(driver.spec().raw(field), old.spec().raw(field), "spec." + field);
        return check.errors();
    }

    private static String audiences(CSIDriverSpec spec) {
        if (spec.tokenRequests().isEmpty()) return "<unset>";
        return spec.tokenRequests().stream().map(StorageTokenRequest::audience).collect(Collectors.joining(","));
    }

    private static Column flag(String name, Predicate<CSIDriverSpec> reader) {
        return new Column(name, "boolean", 0, "", (driver, now) -> reader.test(spec(driver)));
    }
}
