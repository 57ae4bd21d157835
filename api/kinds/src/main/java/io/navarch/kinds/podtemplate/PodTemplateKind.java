package io.navarch.kinds.podtemplate;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.PodSpec;
import io.navarch.objects.LabelSelector;
import io.navarch.schema.KindDefinition;

/// PodTemplate.
public final class PodTemplateKind {
    private PodTemplateKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "PodTemplate", "podtemplates")
                .version(
                        "v1",
                        types.get("V1PodTemplate"),
                        Columns.NAME,
                        Columns.text("Containers", t -> Columns.containers(PodSpec.of(t.path("template.spec")))),
                        Columns.text("Images", t -> Columns.images(PodSpec.of(t.path("template.spec")))),
                        Columns.text(
                                "Pod Labels",
                                t -> Columns.orNone(
                                        LabelSelector.ofLabels(t.get("template").labels())
                                                .toString())))
                .withGeneration();
    }
}
