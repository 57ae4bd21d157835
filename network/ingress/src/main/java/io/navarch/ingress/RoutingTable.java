package io.navarch.ingress;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// All routes of all Ingresses that are ours, the most particular first.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/ingress/
public final class RoutingTable {
    /// @param host `""` for any, `*.x` for one label before `x`
    public record Route(
            String host, String path, String pathType, ObjectKey service, String portName, long portNumber) {
        boolean matches(String requestHost, String requestPath) {
            return matchesHost(requestHost) && matchesPath(requestPath);
        }

        private boolean matchesHost(String requested) {
            if (host.isEmpty() || host.equals(requested)) return true;
            int dot = requested.indexOf('.');
            return host.startsWith("*.") && dot > 0 && requested.substring(dot).equals(host.substring(1));
        }

        private boolean matchesPath(String requested) {
            if (pathType.equals("Exact")) return requested.equals(path);
            var prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return requested.equals(prefix) || requested.startsWith(prefix + "/");
        }
    }

    /// A host's certificate: the Secret it is in.
    public record Certificate(String host, ObjectKey secret) {}

    private final List<Route> routes;
    private final List<Certificate> certificates;

    private RoutingTable(List<Route> routes, List<Certificate> certificates) {
        this.routes = routes;
        this.certificates = certificates;
    }

    /// @param classes names of the IngressClasses that are served here
    /// @param isDefault whether Ingresses without a class are served here
    public static RoutingTable of(Collection<View> ingresses, Set<String> classes, boolean isDefault) {
        var routes = new ArrayList<Route>();
        var certificates = new ArrayList<Certificate>();
        var sorted = ingresses.stream()
                .sorted(Comparator.comparing((View ingress) ->
                                ingress.metadata().get("creationTimestamp").string())
                        .thenComparing(ingress -> ingress.key().toString()))
                .toList();
        for (var ingress : sorted) {
            if (!ours(ingress, classes, isDefault)) continue;
            for (var rule : ingress.spec().get("rules").views()) {
                for (var path : rule.get("http", "paths").views()) {
                    add(
                            routes,
                            ingress,
                            rule.get("host").string(),
                            path.get("path").stringOr("/"),
                            path.get("pathType").string(),
                            path.get("backend"));
                }
            }
            var fallback = ingress.spec().get("defaultBackend");
            if (fallback.exists()) add(routes, ingress, "", "/", "Default", fallback);
            for (var tls : ingress.spec().get("tls").views()) {
                var secret =
                        new ObjectKey(ingress.namespace(), tls.get("secretName").string());
                var hosts = tls.get("hosts").strings();
                if (hosts.isEmpty()) certificates.add(new Certificate("", secret));
                for (var host : hosts) certificates.add(new Certificate(host, secret));
            }
        }
        routes.sort(Comparator.comparingInt(RoutingTable::hostRank)
                .thenComparing(route -> route.pathType.equals("Default"))
                .thenComparing(route -> -route.path.length())
                .thenComparing(route -> !route.pathType.equals("Exact")));
        return new RoutingTable(routes, certificates);
    }

    static boolean ours(View ingress, Set<String> classes, boolean isDefault) {
        var name = ingress.spec().get("ingressClassName").stringOr(ingress.annotation("kubernetes.io/ingress.class"));
        return name.isEmpty() ? isDefault : classes.contains(name);
    }

    private static int hostRank(Route route) {
        return route.host.isEmpty() ? 2 : route.host.startsWith("*.") ? 1 : 0;
    }

    private static void add(List<Route> routes, View ingress, String host, String path, String type, View backend) {
        var service = backend.get("service");
        if (!service.exists()) return;
        routes.add(new Route(
                host,
                path,
                type,
                new ObjectKey(ingress.namespace(), service.get("name").string()),
                service.get("port", "name").string(),
                service.get("port", "number").longOr(0)));
    }

    /// The route of a request, or `null`.
    public Route find(String host, String path) {
        for (var route : routes) if (route.matches(host, path)) return route;
        return null;
    }

    public List<Certificate> certificates() {
        return certificates;
    }
}
