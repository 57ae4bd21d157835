package io.navarch.kinds.ingress;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Ingress, also in the long-gone `extensions/v1beta1` shape that older texts show.
public final class IngressKind {
    private IngressKind() {}

    public static KindDefinition definition(Types types) {
        return common(KindDefinition.of("networking.k8s.io", "Ingress", "ingresses"))
                .shortNames("ing")
                .version("v1", types.get("V1Ingress"), columns());
    }

    /// The same stored objects under the name they had before v1.14.
    public static KindDefinition legacy(Types types) {
        return common(KindDefinition.of("extensions", "Ingress", "ingresses"))
                .version(new KindDefinition.Version(
                        "v1beta1",
                        legacySchema(types),
                        true,
                        "extensions/v1beta1 Ingress is deprecated in v1.14+, unavailable in v1.22+; use networking.k8s.io/v1 Ingress",
                        LegacyIngress::toStorage,
                        LegacyIngress::fromStorage,
                        List.of(columns())));
    }

    private static KindDefinition common(KindDefinition definition) {
        return definition
                .names("ingress", "IngressList")
                .storedUnder("/registry/ingress/")
                .withStatus()
                .withGeneration()
                .ruledBy(IngressKind::check);
    }

    private static Schema legacySchema(Types types) {
        var backend = Schema.object(Map.of(
                "serviceName", Schema.string(""),
                "servicePort",
                        SchemaBuilder.string("int-or-string").intOrString(true).build(),
                "resource", reference("V1TypedLocalObjectReference", types)));
        var path = Schema.object(Map.of("path", Schema.string(""), "pathType", Schema.string(""), "backend", backend));
        var rule = Schema.object(
                Map.of("host", Schema.string(""), "http", Schema.object(Map.of("paths", Schema.list(path)))));
        var spec = Schema.object(Map.of(
                "ingressClassName", Schema.string(""),
                "backend", backend,
                "tls", Schema.list(reference("V1IngressTLS", types)),
                "rules", Schema.list(rule)));
        var properties = new LinkedHashMap<>(types.get("V1Ingress").properties());
        properties.put("spec", spec);
        return Schema.object(properties);
    }

    private static Schema reference(String type, Types types) {
        return SchemaBuilder.reference(type, () -> types.get(type)).build();
    }

    private static Column[] columns() {
        return new Column[] {
            Columns.NAME,
            Columns.text(
                    "Class",
                    i -> Columns.orNone(
                            i.spec().get("ingressClassName").stringOr(i.annotation("kubernetes.io/ingress.class")))),
            Columns.text("Hosts", IngressKind::hosts),
            Columns.text("Address", IngressKind::address),
            Columns.text("Ports", i -> i.spec().get("tls").list().isEmpty() ? "80" : "80, 443"),
            Columns.AGE
        };
    }

    private static String hosts(View ingress) {
        var hosts = ingress.spec().get("rules").stream()
                .map(rule -> rule.get("host").string())
                .filter(host -> !host.isEmpty())
                .toList();
        if (hosts.isEmpty()) return "*";
        return hosts.size() <= 3
                ? String.join(",", hosts)
                : String.join(",", hosts.subList(0, 3)) + " + " + (hosts.size() - 3) + " more...";
    }

    private static String address(View ingress) {
        var parts = new ArrayList<String>();
        for (var entry : ingress.status().get("loadBalancer", "ingress").views()) {
            parts.add(entry.get("ip").stringOr(entry.get("hostname").string()));
        }
        return String.join(",", parts);
    }

    private static List<FieldError> check(View ingress, View old) {
        var check = new Check();
        var spec = ingress.spec();
        var fallback = spec.get("defaultBackend");
        if (spec.get("rules").list().isEmpty() && !fallback.exists()) {
            check.add(FieldError.invalid("spec", spec.map(), "either `defaultBackend` or `rules` must be specified"));
        }
        if (fallback.exists()) backend(fallback, "spec.defaultBackend", check);
        name(spec.get("ingressClassName"), "spec.ingressClassName", check);
        tls(spec.get("tls"), check);
        int i = 0;
        for (var rule : spec.get("rules").views()) {
            var at = "spec.rules[" + i++ + "]";
            var host = rule.get("host").string();
            if (!host.isEmpty()) host(host, at + ".host", check);
            if (rule.get("http").exists()) check.required(rule.get("http", "paths"), at + ".http.paths");
            int j = 0;
            for (var path : rule.get("http", "paths").views()) {
                var here = at + ".http.paths[" + j++ + "]";
                if (!path.get("pathType").exists())
                    check.add(FieldError.required(here + ".pathType", "pathType must be specified"));
                else
                    check.oneOf(
                            path.get("pathType"),
                            here + ".pathType",
                            Set.of("Exact", "ImplementationSpecific", "Prefix"));
                var text = path.get("path").string();
                path(text, path.get("pathType").string(), here + ".path", check);
                backend(path.get("backend"), here + ".backend", check);
            }
        }
        return check.errors();
    }

    private static void name(View name, String path, Check check) {
        if (name.exists()) check.name(name.string(), path, Names.dnsSubdomain(name.string()));
    }

    private static void host(String host, String path, Check check) {
        if (Addresses.parse(host) != null)
            check.add(FieldError.invalid(path, host, "must be a DNS name, not an IP address"));
        else check.name(host, path, host.contains("*") ? Names.wildcardSubdomain(host) : Names.dnsSubdomain(host));
    }

    private static void tls(View blocks, Check check) {
        int i = 0;
        for (var block : blocks.views()) {
            var at = "spec.tls[" + i++ + "]";
            int j = 0;
            for (var host : block.get("hosts").strings()) {
                var here = at + ".hosts[" + j++ + "]";
                check.name(host, here, host.contains("*") ? Names.wildcardSubdomain(host) : Names.dnsSubdomain(host));
            }
            if (!block.get("secretName").string().isEmpty()) name(block.get("secretName"), at + ".secretName", check);
        }
    }

    /// An absolute path without detours; only `ImplementationSpecific` may leave it out.
    private static void path(String path, String type, String at, Check check) {
        switch (type) {
            case "Exact", "Prefix" -> {
                if (!path.startsWith("/")) check.add(FieldError.invalid(at, path, "must be an absolute path"));
                if (path.isEmpty()) return;
                for (var part : List.of("//", "/./", "/../", "%2f", "%2F"))
                    if (path.contains(part)) check.add(FieldError.invalid(at, path, "must not contain '" + part + "'"));
                for (var end : List.of("/..", "/."))
                    if (path.endsWith(end)) check.add(FieldError.invalid(at, path, "cannot end with '" + end + "'"));
            }
            case "ImplementationSpecific" -> {
                if (!path.isEmpty() && !path.startsWith("/"))
                    check.add(FieldError.invalid(at, path, "must be an absolute path"));
            }
            default -> {}
        }
    }

    private static void backend(View backend, String path, Check check) {
        var service = backend.get("service");
        var resource = backend.get("resource");
        if (resource.exists()) {
            if (resource.get("apiGroup").exists()) name(resource.get("apiGroup"), path + ".resource.apiGroup", check);
            for (var field : List.of("kind", "name")) {
                var value = resource.get(field).string();
                if (value.isEmpty())
                    check.add(FieldError.required(path + ".resource." + field, field + " is required"));
                else check.name(value, path + ".resource." + field, Names.pathSegment(value));
            }
            if (service.exists())
                check.add(FieldError.invalid(path, "", "cannot set both resource and service backends"));
        }
        if (!service.exists() && !backend.get("resource").exists()) {
            check.add(FieldError.invalid(path, "", "resource or service backend is required"));
            return;
        }
        if (!service.exists()) return;
        var port = service.get("port");
        var portName = port.get("name").string();
        if (!portName.isEmpty()) check.portName(portName, path + ".service.port.name");
        if (port.get("number").longOr(0) == 0 && port.get("name").string().isEmpty()) {
            check.add(FieldError.required(path, "port name or number is required"));
        }
        if (port.get("number").exists() && port.get("number").longOr(0) != 0)
            check.port(port.get("number"), path + ".service.port.number");
    }
}
