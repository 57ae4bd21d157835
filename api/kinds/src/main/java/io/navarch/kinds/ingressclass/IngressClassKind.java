package io.navarch.kinds.ingressclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Set;

/// IngressClass.
public final class IngressClassKind {
    public static final String DEFAULT = "ingressclass.kubernetes.io/is-default-class";

    private IngressClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("networking.k8s.io", "IngressClass", "ingressclasses")
                .version(
                        "v1",
                        types.get("V1IngressClass"),
                        Columns.NAME,
                        Columns.at("Controller", "spec.controller"),
                        Columns.text("Parameters", IngressClassKind::parameters),
                        Columns.AGE)
                .names("ingressclass", "IngressClassList")
                .clusterScoped()
                .withGeneration()
                .ruledBy(IngressClassKind::check);
    }

    private static String parameters(View object) {
        var parameters = object.spec().get("parameters");
        if (!parameters.exists()) return "<none>";
        var group = parameters.get("apiGroup").string();
        return parameters.get("kind").string() + (group.isEmpty() ? "" : "." + group) + "/"
                + parameters.get("name").string();
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        var controller = object.spec().get("controller").string();
        if (controller.length() > 250)
            check.add(FieldError.tooLong("spec.controller", "may not be more than 250 bytes"));
        check.domainPath(controller, "spec.controller");
        check.immutable(object.spec().get("controller"), old.spec().get("controller"), "spec.controller");
        var parameters = object.spec().get("parameters");
        if (!parameters.exists()) return check.errors();
        for (var field : List.of("kind", "name")) {
            var value = parameters.get(field).string();
            var at = "spec.parameters." + field;
            if (value.isEmpty()) check.add(FieldError.required(at, field + " is required"));
            else check.name(value, at, Names.pathSegment(value));
        }
        var scope = parameters.get("scope").string();
        if (!Set.of("Cluster", "Namespace").contains(scope))
            check.add(FieldError.notSupported("spec.parameters.scope", scope, Set.of("Cluster", "Namespace")));
        boolean placed = !parameters.get("namespace").string().isEmpty();
        if (scope.equals("Namespace") && !placed)
            check.add(FieldError.required("spec.parameters.namespace", "`parameters.scope` is set to 'Namespace'"));
        if (scope.equals("Cluster") && placed)
            check.add(FieldError.forbidden("spec.parameters.namespace", "`parameters.scope` is set to 'Cluster'"));
        return check.errors();
    }
}
