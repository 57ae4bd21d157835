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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
                .createsOnUpdate()
                .updatedConditionally()
                .ruledBy((object, old) -> check(object))
                .withAnyFinalizers()
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    /// As errors show it: with all fields.
    private static Map<String, @Nullable Object> shown(Toleration toleration) {
        var shown = new LinkedHashMap<String, @Nullable Object>();
        shown.put("Key", toleration.key());
        shown.put("Operator", toleration.raw(Toleration.OPERATOR).string());
        shown.put("Value", toleration.value());
        shown.put("Effect", toleration.raw(Toleration.EFFECT).string());
        shown.put(
                "TolerationSeconds",
                toleration.raw(Toleration.TOLERATION_SECONDS).value());
        return shown;
    }

    private static List<FieldError> check(RuntimeClass runtime) {
        var check = new Check();
        var scheduling = runtime.scheduling();
        check.labels(scheduling.nodeSelector(), "scheduling.nodeSelector");
        var seen = new HashSet<Toleration>();
        Check.each(scheduling.tolerations(), "scheduling.tolerations", (toleration, at) -> {
            if (!seen.add(toleration)) check.duplicate(at, shown(toleration));
        });
        ResourceRules.overhead(runtime.overhead().podFixed(), "overhead", check);
        if (check.required(runtime.handler(), "handler"))
            check.name(runtime.handler(), "handler", Names.dnsLabel(runtime.handler()));
        return check.errors();
    }
}
