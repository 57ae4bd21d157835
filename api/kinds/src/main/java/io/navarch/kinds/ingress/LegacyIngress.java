package io.navarch.kinds.ingress;

import io.navarch.kinds.types.Types;
import io.navarch.model.HTTPIngressPath;
import io.navarch.model.HTTPIngressRuleValue;
import io.navarch.model.Ingress;
import io.navarch.model.IngressBackend;
import io.navarch.model.IngressRule;
import io.navarch.model.IngressSpec;
import io.navarch.model.PathType;
import io.navarch.model.ServiceBackendPort;
import io.navarch.objects.IntOrString;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The form of `extensions/v1beta1`, which differs in its backends: `serviceName` and `servicePort` instead of a
/// `service`, and `backend` instead of `defaultBackend`. No model has it any more, so its names are here.
final class LegacyIngress {
    static final ResourceType<Ingress> RESOURCE =
            new ResourceType<>("extensions", "v1beta1", "ingresses", "Ingress", true, Ingress::of);

    private static final String BACKEND = "backend";
    private static final String SERVICE_NAME = "serviceName";
    private static final String SERVICE_PORT = "servicePort";

    private LegacyIngress() {}

    static Schema schema(Types types) {
        var text = Schema.string("");
        var backend = Schema.object(Map.of(
                SERVICE_NAME,
                text,
                SERVICE_PORT,
                SchemaBuilder.string("int-or-string").intOrString(true).build(),
                IngressBackend.RESOURCE,
                reference("V1TypedLocalObjectReference", types)));
        var path = Schema.object(
                Map.of(HTTPIngressPath.PATH, text, HTTPIngressPath.PATH_TYPE, text, HTTPIngressPath.BACKEND, backend));
        var http = Schema.object(Map.of(HTTPIngressRuleValue.PATHS, Schema.list(path)));
        var rule = Schema.object(Map.of(IngressRule.HOST, text, IngressRule.HTTP, http));
        var spec = Schema.object(Map.of(
                IngressSpec.INGRESS_CLASS_NAME,
                text,
                BACKEND,
                backend,
                IngressSpec.TLS,
                Schema.list(reference("V1IngressTLS", types)),
                IngressSpec.RULES,
                Schema.list(rule)));
        var properties = new LinkedHashMap<>(types.get("V1Ingress").properties());
        properties.put(Ingress.SPEC, spec);
        return Schema.object(properties);
    }

    private static Schema reference(String type, Types types) {
        return SchemaBuilder.reference(type, () -> types.get(type)).build();
    }

    static Map<String, Object> toStorage(Map<String, Object> ingress) {
        return converted(ingress, "networking.k8s.io/v1", BACKEND, IngressSpec.DEFAULT_BACKEND, LegacyIngress::modern);
    }

    static Map<String, Object> fromStorage(Map<String, Object> ingress) {
        return converted(ingress, "extensions/v1beta1", IngressSpec.DEFAULT_BACKEND, BACKEND, LegacyIngress::old);
    }

    private static Map<String, Object> converted(
            Map<String, Object> ingress, String version, String from, String to, UnaryOperator<View> backend) {
        Ingress.edit(ingress).apiVersion(version).editSpec(spec -> {
            if (spec.map().remove(from) instanceof Map<?, ?> fallback)
                spec.map().put(to, backend.apply(View.of(fallback)).value());
            spec.editRules(rule -> rule.editHttp(http -> http.editPaths(path -> {
                if (!path.build().hasPathType()) path.pathType(PathType.IMPLEMENTATION_SPECIFIC);
                path.backend(
                        IngressBackend.of(backend.apply(path.build().backend().view())));
            })));
        });
        return ingress;
    }

    private static View modern(View backend) {
        if (!backend.get(SERVICE_NAME).exists()) return View.of(backend.map());
        var port = new IntOrString(backend.get(SERVICE_PORT).value());
        return IngressBackend.builder()
                .service(service -> service.name(backend.get(SERVICE_NAME).string())
                        .port(named -> {
                            if (port.isNumber()) named.number(port.number());
                            else named.name(port.text());
                        }))
                .build()
                .view();
    }

    private static View old(View backend) {
        var service = IngressBackend.of(backend).service();
        if (!service.exists()) return View.of(backend.map());
        var port = service.port();
        var field = port.hasNumber() ? ServiceBackendPort.NUMBER : ServiceBackendPort.NAME;
        return View.of(Trees.map(
                SERVICE_NAME, service.name(), SERVICE_PORT, port.raw(field).value()));
    }
}
