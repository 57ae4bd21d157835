package io.navarch.kinds.csidriver;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.CSIDriver;
import io.navarch.model.CSIDriverSpec;
import io.navarch.model.Resources;
import io.navarch.model.StorageTokenRequest;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.stream.Collectors;

/// CSIDriver: what a storage driver of the nodes is capable of and wants to be told.
public final class CsiDriverKind {
    private CsiDriverKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CSI_DRIVERS)
                .showsDeleted()
                .version(
                        types.get("V1CSIDriver"),
                        columns -> columns.name()
                                .flag("AttachRequired", driver -> driver.spec().attachRequired())
                                .flag("PodInfoOnMount", driver -> driver.spec().podInfoOnMount())
                                .flag("StorageCapacity", driver -> driver.spec().storageCapacity())
                                .text("TokenRequests", driver -> audiences(driver.spec()))
                                .flag(
                                        "RequiresRepublish",
                                        driver -> driver.spec().requiresRepublish())
                                .text(
                                        "Modes",
                                        driver -> Columns.joined(
                                                modes(driver.spec()).strings()))
                                .age())
                .withGenerationOfChanges()
                .updatedConditionally()
                // Behind a gate that is closed.
                .preparedBy(CSIDriver::edit, (driver, old) -> {
                    if (!old.spec().hasPreventPodSchedulingIfMissing())
                        driver.spec(CSIDriverSpec.Builder::clearPreventPodSchedulingIfMissing);
                })
                .ruledBy(CsiDriverKind::check)
                .warning(CsiDriverKind::warnings)
                .build();
    }

    private static View modes(CSIDriverSpec spec) {
        return spec.raw(CSIDriverSpec.VOLUME_LIFECYCLE_MODES);
    }

    private static List<FieldError> check(CSIDriver driver, CSIDriver old) {
        var check = new Check();
        for (var mode : modes(driver.spec()).views())
            check.oneOf(mode, "spec.volumeLifecycleModes", List.of("Persistent", "Ephemeral"));
        if (driver.spec().hasServiceAccountTokenInSecrets()
                && driver.spec().tokenRequests().isEmpty())
            check.invalid(
                    "spec.serviceAccountTokenInSecrets",
                    driver.spec().serviceAccountTokenInSecrets(),
                    "serviceAccountTokenInSecrets is set but no tokenRequests are specified");
        if (!old.exists()) return check.errors();
        // The name is the original's.
        check.immutable(
                driver.spec().raw(CSIDriverSpec.ATTACH_REQUIRED),
                old.spec().raw(CSIDriverSpec.ATTACH_REQUIRED),
                "spec.attachedRequired");
        check.immutable(driver.spec(), old.spec(), "spec", CSIDriverSpec.VOLUME_LIFECYCLE_MODES);
        return check.errors();
    }

    private static List<String> warnings(CSIDriver driver, CSIDriver old) {
        var spec = driver.spec();
        boolean asked = !spec.tokenRequests().isEmpty()
                && !spec.tokenRequests().equals(old.spec().tokenRequests());
        return asked && !spec.hasServiceAccountTokenInSecrets()
                ? List.of("spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to"
                        + " prevent possible logging of tokens in volume attributes")
                : List.of();
    }

    private static String audiences(CSIDriverSpec spec) {
        if (spec.tokenRequests().isEmpty()) return "<unset>";
        return spec.tokenRequests().stream().map(StorageTokenRequest::audience).collect(Collectors.joining(","));
    }
}
