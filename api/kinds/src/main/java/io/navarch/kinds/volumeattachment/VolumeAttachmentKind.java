package io.navarch.kinds.volumeattachment;

import io.navarch.kinds.persistentvolume.PersistentVolumeRules;
import io.navarch.kinds.pod.StorageSourceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.model.VolumeAttachment;
import io.navarch.model.VolumeAttachmentSource;
import io.navarch.model.VolumeAttachmentSpec;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;

/// VolumeAttachment: a volume that is, or is to be, attached to a node.
public final class VolumeAttachmentKind {
    private VolumeAttachmentKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.VOLUME_ATTACHMENTS)
                .showsDeleted()
                .version(
                        types.get("V1VolumeAttachment"),
                        columns -> columns.name()
                                .add(
                                        "Attacher",
                                        "name",
                                        0,
                                        "",
                                        (v, now) -> v.spec().attacher())
                                .text("PV", v -> v.spec().source().persistentVolumeName())
                                .text("Node", v -> v.spec().nodeName())
                                .flag("Attached", v -> v.status().attached())
                                .age())
                .withStatus()
                .resetting("status", "metadata", "spec")
                .updatedConditionally()
                .ruledBy((object, old) -> check(object.spec(), old))
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }

    private static List<FieldError> check(VolumeAttachmentSpec spec, VolumeAttachment old) {
        var check = new Check();
        StorageSourceRules.driver(spec.attacher(), "spec.attacher", check);
        source(spec.source(), check);
        if (old.exists()) check.immutable(spec, old.spec(), "spec");
        return check.errors();
    }

    private static void source(VolumeAttachmentSource source, Check check) {
        var one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
        boolean inline = source.hasInlineVolumeSpec();
        boolean named = source.hasPersistentVolumeName();
        if (!inline && !named) check.add(FieldError.required("spec.source", one));
        if (inline && named) check.add(FieldError.forbidden("spec.source", one));
        if (inline && !named)
            PersistentVolumeRules.inline(source.inlineVolumeSpec(), "spec.source.inlineVolumeSpec", check);
        if (!named) return;
        var volume = source.persistentVolumeName();
        var at = "spec.source.persistentVolumeName";
        if (volume.isEmpty()) check.add(FieldError.required(at, "must specify non empty persistentVolumeName"));
        check.name(volume, at, Names.dnsSubdomain(volume));
    }
}
