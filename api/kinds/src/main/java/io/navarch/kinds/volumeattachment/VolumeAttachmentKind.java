package io.navarch.kinds.volumeattachment;

import io.navarch.kinds.persistentvolume.PersistentVolumeRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.VolumeAttachment;
import io.navarch.model.VolumeAttachmentSource;
import io.navarch.model.VolumeAttachmentSpec;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.util.List;

/// VolumeAttachment: a volume that is, or is to be, attached to a node.
public final class VolumeAttachmentKind {
    private VolumeAttachmentKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("storage.k8s.io", "VolumeAttachment", "volumeattachments")
                .version(
                        "v1",
                        types.get("V1VolumeAttachment"),
                        Columns.NAME,
                        Columns.text(
                                "Attacher", VolumeAttachment::of, v -> v.spec().attacher()),
                        Columns.text(
                                "PV",
                                VolumeAttachment::of,
                                v -> v.spec().source().persistentVolumeName()),
                        Columns.text("Node", VolumeAttachment::of, v -> v.spec().nodeName()),
                        new Column(
                                "Attached",
                                "boolean",
                                0,
                                "",
                                (v, now) -> VolumeAttachment.of(v).status().attached()),
                        Columns.AGE)
                .clusterScoped()
                .withStatus()
                .updatedConditionally()
                .ruledBy((object, old) -> check(
                        VolumeAttachment.of(object).spec(),
                        VolumeAttachment.of(old).spec(),
                        !old.exists()));
    }

    /// @param made whether this is a new object: names are only checked then
    private static List<FieldError> check(VolumeAttachmentSpec spec, VolumeAttachmentSpec old, boolean made) {
        var check = new Check();
        var attacher = spec.attacher();
        check.required(attacher, "spec.attacher");
        if (made) check.name(attacher, "spec.attacher", Names.dnsSubdomain(attacher));
        if (made && attacher.length() > 63)
            check.add(FieldError.tooLong("spec.attacher", "may not be more than 63 bytes"));
        source(spec.source(), made, check);
        check.immutable(spec, old, "spec");
        return check.errors();
    }

    private static void source(VolumeAttachmentSource source, boolean made, Check check) {
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
        if (made) check.name(volume, at, Names.dnsSubdomain(volume));
    }
}
