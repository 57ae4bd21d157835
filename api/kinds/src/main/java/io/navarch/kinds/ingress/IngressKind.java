package io.navarch.kinds.ingress;

import io.navarch.kinds.ingressclass.IngressClasses;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.Enumeration;
import io.navarch.model.HTTPIngressPath;
import io.navarch.model.Ingress;
import io.navarch.model.IngressBackend;
import io.navarch.model.IngressRule;
import io.navarch.model.IngressServiceBackend;
import io.navarch.model.IngressSpec;
import io.navarch.model.IngressTLS;
import io.navarch.model.PathType;
import io.navarch.model.Resources;
import io.navarch.model.ServiceBackendPort;
import io.navarch.model.TypedLocalObjectReference;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.ArrayList;
import java.util.List;

/// Ingress, which is also served in the form of `extensions/v1beta1` that old manifests have.
public final class IngressKind {
    private IngressKind() {}

    public static KindDefinition definition(Types types) {
        return stored(KindBuilder.of(Resources.INGRESSES))
                .version(types.get("V1Ingress"), IngressKind::columns)
                .shortNames("ing")
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    /// The same stored objects under the name they had before v1.14.
    public static KindDefinition legacy(Types types) {
        return stored(KindBuilder.of(LegacyIngress.RESOURCE))
                .version(LegacyIngress.schema(types), IngressKind::columns)
                .converted(LegacyIngress::toStorage, LegacyIngress::fromStorage)
                .deprecated(
                        "extensions/v1beta1 Ingress is deprecated in v1.14+, unavailable in v1.22+; use networking.k8s.io/v1 Ingress")
                .build();
    }

    private static KindBuilder<Ingress> stored(KindBuilder<Ingress> kind) {
        return kind.storedUnder("/registry/ingress/")
                .withStatus()
                .withGeneration()
                .warning(IngressKind::warnings)
                .ruledBy((ingress, old) -> check(ingress.spec()));
    }

    private static List<String> warnings(Ingress ingress, Ingress old) {
        boolean annotated = ingress.annotations().containsKey(IngressClasses.ANNOTATION)
                && !ingress.spec().hasIngressClassName();
        return annotated && !old.exists()
                ? List.of("annotation \"" + IngressClasses.ANNOTATION
                        + "\" is deprecated, please use 'spec.ingressClassName' instead")
                : List.of();
    }

    private static void columns(ColumnList<Ingress> columns) {
        columns.name()
                .text("Class", ingress -> Columns.orNone(IngressClasses.of(ingress)))
                .text("Hosts", ingress -> hosts(ingress.spec().rules()))
                .text("Address", IngressKind::address)
                .text("Ports", ingress -> ingress.spec().tls().isEmpty() ? "80" : "80, 443")
                .age();
    }

    private static String hosts(List<IngressRule> rules) {
        var hosts = rules.stream()
                .map(IngressRule::host)
                .filter(host -> !host.isEmpty())
                .toList();
        return Columns.few(hosts, "*");
    }

    private static String address(Ingress ingress) {
        var parts = new ArrayList<String>();
        for (var entry : ingress.status().loadBalancer().ingress()) parts.add(entry.ipOr(entry.hostname()));
        return String.join(",", parts);
    }

    private static List<FieldError> check(IngressSpec spec) {
        var check = new Check();
        var fallback = spec.defaultBackend();
        if (spec.rules().isEmpty() && !fallback.exists())
            check.add(FieldError.invalid(
                    "spec",
                    spec.raw(IngressSpec.RULES).value(),
                    "either `defaultBackend` or `rules` must be specified"));
        if (fallback.exists()) backend(fallback, "spec.defaultBackend", check);
        if (spec.hasIngressClassName()) name(spec.ingressClassName(), "spec.ingressClassName", check);
        int i = 0;
        for (var block : spec.tls()) tls(block, "spec.tls[" + i++ + "]", check);
        i = 0;
        for (var rule : spec.rules()) rule(rule, "spec.rules[" + i++ + "]", check);
        return check.errors();
    }

    private static void rule(IngressRule rule, String at, Check check) {
        if (!rule.host().isEmpty()) host(rule.host(), at + ".host", check);
        if (rule.hasHttp()) check.required(rule.http().paths(), at + ".http.paths");
        int i = 0;
        for (var path : rule.http().paths()) {
            var here = at + ".http.paths[" + i++ + "]";
            if (!path.hasPathType()) {
                check.add(FieldError.required(here + ".pathType", "pathType must be specified"));
                continue;
            }
            check.oneOf(path.raw(HTTPIngressPath.PATH_TYPE), here + ".pathType", Enumeration.texts(PathType.values()));
            path(path.path(), path.pathType(), here + ".path", check);
            backend(path.backend(), here + ".backend", check);
        }
    }

    private static void name(String name, String path, Check check) {
        check.name(name, path, Names.dnsSubdomain(name));
    }

    private static void host(String host, String path, Check check) {
        if (Addresses.isAddress(host))
            check.add(FieldError.invalid(path, host, "must be a DNS name, not an IP address"));
        else pattern(host, path, check);
    }

    private static void pattern(String host, String path, Check check) {
        check.name(host, path, host.contains("*") ? Names.wildcardSubdomain(host) : Names.dnsSubdomain(host));
    }

    private static void tls(IngressTLS block, String at, Check check) {
        int i = 0;
        for (var host : block.hosts()) pattern(host, at + ".hosts[" + i++ + "]", check);
        if (!block.secretName().isEmpty()) name(block.secretName(), at + ".secretName", check);
    }

    /// An absolute path without detours; only `ImplementationSpecific` may leave it out.
    private static void path(String path, PathType type, String at, Check check) {
        switch (type) {
            case EXACT, PREFIX -> {
                if (!path.startsWith("/")) check.add(FieldError.invalid(at, path, "must be an absolute path"));
                if (path.isEmpty()) return;
                for (var part : List.of("//", "/./", "/../", "%2f", "%2F"))
                    if (path.contains(part)) check.add(FieldError.invalid(at, path, "must not contain '" + part + "'"));
                for (var end : List.of("/..", "/."))
                    if (path.endsWith(end)) check.add(FieldError.invalid(at, path, "cannot end with '" + end + "'"));
            }
            case IMPLEMENTATION_SPECIFIC -> {
                if (!path.isEmpty() && !path.startsWith("/"))
                    check.add(FieldError.invalid(at, path, "must be an absolute path"));
            }
            case UNSET, UNRECOGNIZED -> {}
        }
    }

    private static void backend(IngressBackend backend, String path, Check check) {
        var service = backend.service();
        var resource = backend.resource();
        if (resource.exists() && service.exists())
            check.invalid(path, "", "cannot set both resource and service backends");
        else if (resource.exists()) resource(resource, path + ".resource", check);
        else if (service.exists()) service(service, path, check);
        else check.invalid(path, "", "resource or service backend is required");
    }

    private static void resource(TypedLocalObjectReference resource, String path, Check check) {
        if (resource.hasApiGroup()) name(resource.apiGroup(), path + ".apiGroup", check);
        segment(resource.kind(), "kind", path, check);
        segment(resource.name(), "name", path, check);
    }

    private static void segment(String value, String field, String path, Check check) {
        var at = path + "." + field;
        if (check.required(value, at)) check.name(value, at, Names.pathSegment(value));
    }

    private static void service(IngressServiceBackend service, String path, Check check) {
        var at = path + ".service.name";
        if (check.required(service.name(), at)) check.name(service.name(), at, Names.dnsLabel(service.name()));
        port(service.port(), path, check);
    }

    private static void port(ServiceBackendPort port, String path, Check check) {
        boolean named = !port.name().isEmpty();
        boolean numbered = port.number() != 0;
        if (named && numbered) check.invalid(path, "", "cannot set both port name & port number");
        else if (named) check.portName(port.name(), path + ".service.port.name");
        else if (numbered) check.port(port.number(), path + ".service.port.number");
        else check.add(FieldError.required(path, "port name or number is required"));
    }
}
