package io.navarch.dns;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// What names in the cluster's domain stand for.
///
/// Source: https://github.com/kubernetes/dns/blob/master/docs/specification.md
public final class ClusterZone {
    /// One answer: an address, a service location or an alias.
    public sealed interface Answer {
        record Address(String ip) implements Answer {}

        record Location(int port, String target, String ip) implements Answer {}

        record Alias(String target) implements Answer {}
    }

    /// What the zone knows of the cluster.
    public interface Source {
        View service(ObjectKey key);

        List<View> slices(ObjectKey service);

        boolean namespace(String name);
    }

    private final String domain;
    private final Source source;

    public ClusterZone(String domain, Source source) {
        this.domain = domain;
        this.source = source;
    }

    boolean covers(String name) {
        return name.equals(domain) || name.endsWith("." + domain);
    }

    /// The answers to a name (without the final dot): `null` when there is no such name, empty when it has nothing.
    public List<Answer> lookup(String query) {
        var name = query.toLowerCase(Locale.ROOT);
        if (name.equals(domain)) return List.of();
        var labels = new ArrayList<>(
                List.of(name.substring(0, name.length() - domain.length() - 1).split("\\.")));
        var kind = labels.removeLast();
        if (labels.isEmpty()) return kind.equals("svc") || kind.equals("pod") ? List.of() : null;
        var namespace = labels.removeLast();
        if (!source.namespace(namespace)) return null;
        if (labels.isEmpty()) return List.of();
        return switch (kind) {
            case "svc" -> service(namespace, labels);
            case "pod" -> pod(labels);
            default -> null;
        };
    }

    private static List<Answer> pod(List<String> labels) {
        var dashed = labels.getFirst();
        if (labels.size() != 1 || !dashed.matches("\\d{1,3}(-\\d{1,3}){3}")) return null;
        return List.of(new Answer.Address(dashed.replace('-', '.')));
    }

    private List<Answer> service(String namespace, List<String> labels) {
        var service = source.service(new ObjectKey(namespace, labels.removeLast()));
        if (!service.exists()) return null;
        var spec = service.spec();
        if (spec.get("type").string().equals("ExternalName"))
            return labels.isEmpty()
                    ? List.of(new Answer.Alias(spec.get("externalName").string()))
                    : null;
        boolean headless = spec.get("clusterIP").string().equals("None");
        var base = service.name() + "." + namespace + ".svc." + domain;
        if (labels.isEmpty())
            return headless
                    ? endpoints(service, endpoint -> true)
                    : List.of(new Answer.Address(spec.get("clusterIP").string()));
        if (labels.size() == 2 && labels.get(0).startsWith("_") && labels.get(1).startsWith("_")) {
            return locations(service, labels.get(0).substring(1), labels.get(1).substring(1), base, headless);
        }
        if (labels.size() != 1 || !headless) return null;
        var host = labels.getFirst();
        var found = endpoints(service, endpoint -> hostname(endpoint).equals(host));
        return found.isEmpty() ? null : found;
    }

    /// An endpoint without a hostname goes by its address.
    private static String hostname(View endpoint) {
        return endpoint.get("hostname")
                .stringOr(endpoint.get("addresses").at(0).string().replace('.', '-'));
    }

    private List<Answer> endpoints(View service, Function<View, Boolean> wanted) {
        var result = new ArrayList<Answer>();
        for (var slice : source.slices(service.key())) {
            for (var endpoint : slice.get("endpoints").views()) {
                boolean ready = endpoint.get("conditions", "ready").boolOr(true)
                        || service.spec().get("publishNotReadyAddresses").bool();
                if (!ready || !wanted.apply(endpoint)) continue;
                for (var address : endpoint.get("addresses").strings()) result.add(new Answer.Address(address));
            }
        }
        return result;
    }

    private List<Answer> locations(View service, String port, String protocol, String base, boolean headless) {
        var result = new ArrayList<Answer>();
        if (!headless) {
            for (var each : service.spec().get("ports").views()) {
                if (matches(each, port, protocol))
                    result.add(new Answer.Location(
                            each.get("port").intOr(0),
                            base,
                            service.spec().get("clusterIP").string()));
            }
            return result.isEmpty() ? null : result;
        }
        for (var slice : source.slices(service.key())) {
            for (var each : slice.get("ports").views()) {
                if (!matches(each, port, protocol)) continue;
                for (var endpoint : slice.get("endpoints").views()) {
                    if (!endpoint.get("conditions", "ready").boolOr(true)) continue;
                    result.add(new Answer.Location(
                            each.get("port").intOr(0),
                            hostname(endpoint) + "." + base,
                            endpoint.get("addresses").at(0).string()));
                }
            }
        }
        return result.isEmpty() ? null : result;
    }

    private static boolean matches(View port, String name, String protocol) {
        return port.get("name").string().equals(name)
                && port.get("protocol").stringOr("TCP").equalsIgnoreCase(protocol);
    }
}
