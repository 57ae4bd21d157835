package io.navarch.kinds.runtimeclass;

import io.navarch.kinds.pod.ResourceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.model.RuntimeClass;
import io.navarch.model.Toleration;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.HashSet;
import java.util.List;

/// RuntimeClass: what runs the containers of a pod, and what that costs.
public final class RuntimeClassKind {
    private RuntimeClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.RUNTIME_CLASSES)
                .version(
                        types.get("V1RuntimeClass"),
                        columns -> columns.name()
                                .text("Handler", RuntimeClass::handler)
                                .age())
                .updatedConditionally()
                .ruledBy((object, old) -> check(object))
                .withAnyFinalizers()
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static List<FieldError> check(RuntimeClass runtime) {
        var check = new Check();
        var scheduling = runtime.scheduling();
        check.labels(scheduling.nodeSelector(), "scheduling.nodeSelector");
        var seen = new HashSet<Toleration>();
        int i = 0;
        for (var toleration : scheduling.tolerations()) {
            var at = "scheduling.tolerations[" + i++ + "]";
            if (!seen.add(toleration))
                check.add(FieldError.duplicate(at, toleration.view().value()));
        }
        ResourceRules.overhead(runtime.overhead().podFixed(), "overhead", check);
        if (check.required(runtime.handler(), "handler"))
            check.name(runtime.handler(), "handler", Names.dnsLabel(runtime.handler()));
        return check.errors();
    }
}
