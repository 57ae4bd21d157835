package io.navarch.kinds.ingressclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Enumeration;
import io.navarch.model.IngressClassParametersReference;
import io.navarch.model.IngressClassScope;
import io.navarch.model.IngressClassSpec;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;

/// IngressClass: which controller serves the ingresses of a class.
public final class IngressClassKind {
    private IngressClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.INGRESS_CLASSES)
                .version(
                        types.get("V1IngressClass"),
                        columns -> columns.name()
                                .text("Controller", c -> c.spec().controller())
                                .text("Parameters", c -> parameters(c.spec().parameters()))
                                .age())
                .withGeneration()
                .ruledBy((object, old) -> check(object.spec(), old.spec()))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static String parameters(IngressClassParametersReference parameters) {
        if (!parameters.exists()) return "<none>";
        var group = parameters.apiGroup();
        return parameters.kind() + (group.isEmpty() ? "" : "." + group) + "/" + parameters.name();
    }

    private static List<FieldError> check(IngressClassSpec spec, IngressClassSpec old) {
        var check = new Check();
        var controller = spec.controller();
        if (controller.length() > 250)
            check.add(FieldError.tooLong("spec.controller", "may not be more than 250 bytes"));
        check.domainPath(controller, "spec.controller");
        if (old.exists() && !controller.equals(old.controller()))
            check.invalid("spec.controller", controller, "field is immutable");
        var parameters = spec.parameters();
        if (parameters.exists()) parameters(parameters, check);
        return check.errors();
    }

    private static void parameters(IngressClassParametersReference parameters, Check check) {
        var group = parameters.apiGroup();
        if (parameters.hasApiGroup()) check.name(group, "spec.parameters.apiGroup", Names.dnsSubdomain(group));
        segment(parameters.kind(), "kind", check);
        segment(parameters.name(), "name", check);
        var scope = parameters.scope();
        if (scope.text().isEmpty())
            check.add(FieldError.notSupported(
                    "spec.parameters.scope",
                    parameters.raw(IngressClassParametersReference.SCOPE).string(),
                    Enumeration.texts(IngressClassScope.values())));
        boolean placed = parameters.hasNamespace();
        var namespace = parameters.namespace();
        if (scope == IngressClassScope.NAMESPACE && !placed)
            check.add(FieldError.required("spec.parameters.namespace", "`parameters.scope` is set to 'Namespace'"));
        if (scope == IngressClassScope.NAMESPACE && placed)
            check.name(namespace, "spec.parameters.namespace", Names.dnsLabel(namespace));
        if (scope == IngressClassScope.CLUSTER && placed)
            check.add(FieldError.forbidden("spec.parameters.namespace", "`parameters.scope` is set to 'Cluster'"));
    }

    private static void segment(String value, String field, Check check) {
        var at = "spec.parameters." + field;
        if (value.isEmpty()) check.add(FieldError.required(at));
        else check.name(value, at, Names.pathSegment(value));
    }
}
