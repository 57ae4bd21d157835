package io.navarch.kinds.ingress;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Map;

/// `serviceName`/`servicePort` to `service.name`/`service.port` and back.
final class LegacyIngress {
    private LegacyIngress() {}

    static Map<String, Object> toStorage(Map<String, Object> ingress) {
        ingress.put("apiVersion", "networking.k8s.io/v1");
        if (!(ingress.get("spec") instanceof Map)) return ingress;
        var spec = Trees.child(ingress, "spec");
        if (spec.remove("backend") instanceof Map<?, ?> backend) spec.put("defaultBackend", modern(View.of(backend)));
        eachPath(spec, path -> {
            path.putIfAbsent("pathType", "ImplementationSpecific");
            path.put("backend", modern(View.of(path).get("backend")));
        });
        return ingress;
    }

    static Map<String, Object> fromStorage(Map<String, Object> ingress) {
        ingress.put("apiVersion", "extensions/v1beta1");
        if (!(ingress.get("spec") instanceof Map)) return ingress;
        var spec = Trees.child(ingress, "spec");
        if (spec.remove("defaultBackend") instanceof Map<?, ?> backend) spec.put("backend", old(View.of(backend)));
        eachPath(spec, path -> path.put("backend", old(View.of(path).get("backend"))));
        return ingress;
    }

    @SuppressWarnings("unchecked")
    private static void eachPath(Map<String, Object> spec, java.util.function.Consumer<Map<String, Object>> action) {
        for (var rule : View.of(spec).get("rules").views()) {
            for (var path : rule.get("http", "paths").list()) {
                if (path instanceof Map<?, ?> map) action.accept((Map<String, Object>) map);
            }
        }
    }

    private static Map<String, Object> modern(View backend) {
        if (!backend.get("serviceName").exists()) return backend.map();
        var port = backend.get("servicePort").value();
        return Trees.map(
                "service",
                Trees.map(
                        "name",
                        backend.get("serviceName").string(),
                        "port",
                        port instanceof Number ? Trees.map("number", port) : Trees.map("name", port)));
    }

    private static Map<String, Object> old(View backend) {
        var service = backend.get("service");
        if (!service.exists()) return backend.map();
        var port = service.get("port");
        return Trees.map(
                "serviceName",
                service.get("name").string(),
                "servicePort",
                port.get("number").exists()
                        ? port.get("number").value()
                        : port.get("name").value());
    }
}
