package io.navarch.kinds.volumeattachment;

import io.navarch.kinds.persistentvolume.PersistentVolumeRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;

/// VolumeAttachment.
public final class VolumeAttachmentKind {
    private VolumeAttachmentKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("storage.k8s.io", "VolumeAttachment", "volumeattachments")
                .version(
                        "v1",
                        types.get("V1VolumeAttachment"),
                        Columns.NAME,
                        Columns.at("Attacher", "spec.attacher"),
                        Columns.at("PV", "spec.source.persistentVolumeName"),
                        Columns.at("Node", "spec.nodeName"),
                        new Column(
                                "Attached",
                                "boolean",
                                0,
                                "",
                                (v, now) -> v.status().get("attached").bool()),
                        Columns.AGE)
                .clusterScoped()
                .withStatus()
                .updatedConditionally()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    var attacher = object.spec().get("attacher").string();
                    check.required(object.spec().get("attacher"), "spec.attacher");
                    if (!old.exists()) check.name(attacher, "spec.attacher", Names.dnsSubdomain(attacher));
                    if (!old.exists() && attacher.length() > 63)
                        check.add(FieldError.tooLong("spec.attacher", "may not be more than 63 bytes"));
                    var source = object.spec().get("source");
                    boolean inline = source.get("inlineVolumeSpec").exists();
                    boolean named = source.get("persistentVolumeName").exists();
                    if (!inline && !named)
                        check.add(FieldError.required(
                                "spec.source",
                                "must specify exactly one of inlineVolumeSpec and persistentVolumeName"));
                    if (inline && named)
                        check.add(FieldError.forbidden(
                                "spec.source",
                                "must specify exactly one of inlineVolumeSpec and persistentVolumeName"));
                    if (inline && !named)
                        PersistentVolumeRules.inline(
                                source.get("inlineVolumeSpec"), "spec.source.inlineVolumeSpec", check);
                    if (named) {
                        var volume = source.get("persistentVolumeName").string();
                        var at = "spec.source.persistentVolumeName";
                        if (volume.isEmpty())
                            check.add(FieldError.required(at, "must specify non empty persistentVolumeName"));
                        if (!old.exists()) check.name(volume, at, Names.dnsSubdomain(volume));
                    }
                    if (old.exists()) check.immutable(object.spec(), old.spec(), "spec");
                    return check.errors();
                });
    }
}
