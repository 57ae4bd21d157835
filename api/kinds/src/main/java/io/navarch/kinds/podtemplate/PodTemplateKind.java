package io.navarch.kinds.podtemplate;

import io.navarch.kinds.pod.PodDefaults;
import io.navarch.kinds.pod.PodRules;
import io.navarch.kinds.pod.PodWarnings;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.PodTemplate;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// PodTemplate.
public final class PodTemplateKind {
    private PodTemplateKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.POD_TEMPLATES)
                .showsDeleted()
                .version(
                        types.get("V1PodTemplate"),
                        columns -> columns.name()
                                .text(
                                        "Containers",
                                        object -> Columns.containers(
                                                object.template().spec()))
                                .text(
                                        "Images",
                                        object ->
                                                Columns.images(object.template().spec()))
                                .text(
                                        "Pod Labels",
                                        object ->
                                                Columns.labels(object.template().labels())))
                .withGeneration()
                .preparedBy(PodTemplate::edit, (now, old) -> now.template(PodDefaults::withholdFromPods))
                .ruledBy((template, old) -> {
                    var check = new Check();
                    PodRules.template(template.template(), "template", check);
                    return check.errors();
                })
                .warning((template, old) -> old.exists()
                                && old.metadata().generation()
                                        == template.metadata().generation()
                        ? List.of()
                        : PodWarnings.ofTemplate(template.template(), "template"))
                .build();
    }
}
