package io.navarch.ingress;

import io.navarch.kinds.ingressclass.IngressClasses;
import io.navarch.model.Ingress;
import io.navarch.model.IngressBackend;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PathType;
import io.navarch.objects.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The routes of all Ingresses that are served here, the most specific first.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/ingress/
public final class RoutingTable {
    /// @param host `""` for any, `*.x` for one label before `x`
    /// @param fallback whether it is an Ingress's default backend, which comes after all paths of its host
    public record Route(
            String host,
            String path,
            PathType pathType,
            boolean fallback,
            ObjectKey service,
            String portName,
            int portNumber) {
        boolean matches(String requestHost, String requestPath) {
            return matchesHost(requestHost) && matchesPath(requestPath);
        }

        private boolean matchesHost(String requested) {
            if (host.isEmpty() || host.equals(requested)) return true;
            int dot = requested.indexOf('.');
            return host.startsWith("*.") && dot > 0 && requested.substring(dot).equals(host.substring(1));
        }

        private boolean matchesPath(String requested) {
            if (pathType == PathType.EXACT) return requested.equals(path);
            var prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return requested.equals(prefix) || requested.startsWith(prefix + "/");
        }

        private int hostRank() {
            return rank(host);
        }
    }

    /// The Secret with a host's certificate.
    ///
    /// @param host as in routes
    public record Certificate(String host, ObjectKey secret) {
        boolean covers(String name) {
            int dot = name.indexOf('.');
            boolean wildcard =
                    host.startsWith("*.") && dot > 0 && name.substring(dot).equals(host.substring(1));
            return host.isEmpty() || host.equals(name) || wildcard;
        }
    }

    private static int rank(String host) {
        if (host.isEmpty()) return 2;
        return host.startsWith("*.") ? 1 : 0;
    }

    private final List<Route> routes = new ArrayList<>();
    private final List<Certificate> certificates = new ArrayList<>();

    private RoutingTable() {}

    /// @param classes names of the IngressClasses that are served here
    /// @param isDefault whether Ingresses without a class are served here
    public static RoutingTable of(Collection<Ingress> ingresses, Set<String> classes, boolean isDefault) {
        var table = new RoutingTable();
        ingresses.stream()
                .filter(ingress -> ours(ingress, classes, isDefault))
                .sorted(Comparator.comparing((Ingress ingress) -> ingress.metadata()
                                .raw(ObjectMeta.CREATION_TIMESTAMP)
                                .string())
                        .thenComparing(ingress -> ingress.key().toString()))
                .forEach(table::add);
        table.routes.sort(Comparator.comparingInt(Route::hostRank)
                .thenComparing(Route::fallback)
                .thenComparingInt(route -> -route.path.length())
                .thenComparing(route -> route.pathType != PathType.EXACT));
        // Nobody shows a certificate for a host that another one's is for by name.
        table.certificates.sort(Comparator.comparingInt(certificate -> rank(certificate.host)));
        return table;
    }

    static boolean ours(Ingress ingress, Set<String> classes, boolean isDefault) {
        var name = IngressClasses.of(ingress);
        return name.isEmpty() ? isDefault : classes.contains(name);
    }

    private void add(Ingress ingress) {
        var namespace = ingress.namespace();
        for (var rule : ingress.spec().rules()) {
            for (var path : rule.http().paths())
                add(namespace, rule.host(), path.pathOr("/"), path.pathType(), false, path.backend());
        }
        add(namespace, "", "/", PathType.PREFIX, true, ingress.spec().defaultBackend());
        for (var tls : ingress.spec().tls()) {
            var secret = new ObjectKey(namespace, tls.secretName());
            if (tls.hosts().isEmpty()) certificates.add(new Certificate("", secret));
            for (var host : tls.hosts()) certificates.add(new Certificate(host, secret));
        }
    }

    private void add(
            String namespace, String host, String path, PathType type, boolean fallback, IngressBackend backend) {
        var service = backend.service();
        if (!service.exists()) return;
        var port = service.port();
        routes.add(new Route(
                host, path, type, fallback, new ObjectKey(namespace, service.name()), port.name(), port.number()));
    }

    public Optional<Route> find(String host, String path) {
        return routes.stream().filter(route -> route.matches(host, path)).findFirst();
    }

    public List<Certificate> certificates() {
        return certificates;
    }
}
