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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The routes of all Ingresses that are served here, by host, the most specific first. An Ingress that changes
/// costs what it has itself, however many others there are. Its user synchronizes.
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
        private boolean matchesPath(String requested) {
            if (pathType == PathType.EXACT) return requested.equals(path);
            var prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return requested.equals(prefix) || requested.startsWith(prefix + "/");
        }
    }

    /// The Secret with a host's certificate.
    ///
    /// @param host as in routes
    public record Certificate(String host, ObjectKey secret) {}

    /// What an Ingress adds, and when its turn is among equals: the oldest Ingress is first, as in the original's
    /// controllers.
    private record Placed<T>(T what, String created, String ingress, int number) {}

    /// What one Ingress has added.
    private record Parts(List<Placed<Route>> routes, List<Placed<Certificate>> certificates) {
        static final Parts NONE = new Parts(List.of(), List.of());
    }

    /// Things by their host, those of a host in their order.
    private final class ByHost<T> {
        private final Map<String, TreeSet<Placed<T>>> hosts = new HashMap<>();
        private final Comparator<Placed<T>> order;

        ByHost(Comparator<Placed<T>> first) {
            var whole = first.thenComparing(Placed::created)
                    .thenComparing(Placed::ingress)
                    .thenComparingInt(Placed::number);
            order = (one, other) -> {
                steps++;
                return whole.compare(one, other);
            };
        }

        void add(String host, Placed<T> placed) {
            hosts.computeIfAbsent(host, each -> new TreeSet<>(order)).add(placed);
        }

        void remove(String host, Placed<T> placed) {
            hosts.computeIfPresent(host, (each, set) -> set.remove(placed) && set.isEmpty() ? null : set);
        }

        /// Those for a host: by its name, then by a wildcard, then for any.
        List<Collection<Placed<T>>> of(String host) {
            int dot = host.indexOf('.');
            var names = new ArrayList<>(List.of(host));
            if (dot > 0) names.add("*" + host.substring(dot));
            if (!host.isEmpty()) names.add("");
            var found = new ArrayList<Collection<Placed<T>>>();
            for (var name : names) {
                var set = hosts.get(name);
                if (set != null) found.add(set);
            }
            return found;
        }
    }

    private final Set<String> classes;
    private final boolean withoutClass;
    private final ByHost<Route> routes = new ByHost<>(Comparator.comparing((Placed<Route> route) -> route.what.fallback)
            .thenComparingInt(route -> -route.what.path.length())
            .thenComparing(route -> route.what.pathType != PathType.EXACT));
    private final ByHost<Certificate> certificates = new ByHost<>(Comparator.comparing(Placed::created));
    private final Map<ObjectKey, Parts> parts = new HashMap<>();
    /// How many certificates are in each Secret.
    private final Map<ObjectKey, Integer> secrets = new HashMap<>();
    /// How often two parts were compared: what changes have cost.
    private long steps;

    /// @param classes names of the IngressClasses that are served here
    /// @param withoutClass whether Ingresses without a class are served here
    public RoutingTable(Set<String> classes, boolean withoutClass) {
        this.classes = Set.copyOf(classes);
        this.withoutClass = withoutClass;
    }

    /// Whether it serves these classes.
    boolean serves(Set<String> others, boolean without) {
        return classes.equals(others) && withoutClass == without;
    }

    boolean serves(Ingress ingress) {
        if (!ingress.exists()) return false;
        var name = IngressClasses.of(ingress);
        return name.isEmpty() ? withoutClass : classes.contains(name);
    }

    long steps() {
        return steps;
    }

    /// Takes in how an Ingress is now, absent when it is gone.
    ///
    /// @return the Secrets that it named before or names now
    public Set<ObjectKey> put(ObjectKey key, Ingress now) {
        var before = parts.getOrDefault(key, Parts.NONE);
        var next = serves(now) ? parts(now) : Parts.NONE;
        if (next.equals(before)) return Set.of();
        if (next.equals(Parts.NONE)) parts.remove(key);
        else parts.put(key, next);
        for (var route : before.routes) routes.remove(route.what.host, route);
        for (var each : before.certificates) {
            certificates.remove(each.what.host, each);
            secrets.computeIfPresent(each.what.secret, (secret, count) -> count == 1 ? null : count - 1);
        }
        for (var route : next.routes) routes.add(route.what.host, route);
        for (var each : next.certificates) {
            certificates.add(each.what.host, each);
            secrets.merge(each.what.secret, 1, Integer::sum);
        }
        var touched = new ArrayList<>(before.certificates);
        touched.addAll(next.certificates);
        return touched.stream().map(each -> each.what.secret).collect(Collectors.toSet());
    }

    /// Whether an Ingress names this Secret.
    boolean names(ObjectKey secret) {
        return secrets.containsKey(secret);
    }

    private static Parts parts(Ingress ingress) {
        var created = ingress.metadata().raw(ObjectMeta.CREATION_TIMESTAMP).string();
        var key = ingress.key().toString();
        var namespace = ingress.namespace();
        var found = new ArrayList<Route>();
        for (var rule : ingress.spec().rules()) {
            for (var path : rule.http().paths())
                route(namespace, rule.host(), path.pathOr("/"), path.pathType(), false, path.backend())
                        .ifPresent(found::add);
        }
        route(namespace, "", "/", PathType.PREFIX, true, ingress.spec().defaultBackend())
                .ifPresent(found::add);
        var shown = new ArrayList<Certificate>();
        for (var tls : ingress.spec().tls()) {
            var secret = new ObjectKey(namespace, tls.secretName());
            if (tls.hosts().isEmpty()) shown.add(new Certificate("", secret));
            for (var host : tls.hosts()) shown.add(new Certificate(host, secret));
        }
        return new Parts(placed(found, created, key), placed(shown, created, key));
    }

    private static <T> List<Placed<T>> placed(List<T> all, String created, String ingress) {
        var placed = new ArrayList<Placed<T>>();
        for (var each : all) placed.add(new Placed<>(each, created, ingress, placed.size()));
        return List.copyOf(placed);
    }

    private static Optional<Route> route(
            String namespace, String host, String path, PathType type, boolean fallback, IngressBackend backend) {
        var service = backend.service();
        if (!service.exists()) return Optional.empty();
        var port = service.port();
        return Optional.of(new Route(
                host, path, type, fallback, new ObjectKey(namespace, service.name()), port.name(), port.number()));
    }

    public Optional<Route> find(String host, String path) {
        return routes.of(host).stream()
                .flatMap(Collection::stream)
                .map(Placed::what)
                .filter(route -> route.matchesPath(path))
                .findFirst();
    }

    /// The certificates for a host. Nobody shows one for a host that another one's is for by name.
    public List<Certificate> certificates(String host) {
        return certificates.of(host).stream()
                .flatMap(Collection::stream)
                .map(Placed::what)
                .toList();
    }
}
