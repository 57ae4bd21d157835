package io.navarch.dns;

import io.navarch.kinds.endpointslice.EndpointSlices;
import io.navarch.kinds.service.Services;
import io.navarch.model.Endpoint;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Protocol;
import io.navarch.model.Service;
import io.navarch.model.ServiceType;
import io.navarch.objects.Addresses;
import io.navarch.objects.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// What the names in the cluster's domain stand for.
///
/// Source: https://github.com/kubernetes/dns/blob/master/docs/specification.md
public final class ClusterZone {
    /// An address, the location of a service, or another name.
    public sealed interface Answer {
        record Address(String ip) implements Answer {}

        record Location(int port, String target, String ip) implements Answer {}

        record Alias(String target) implements Answer {}
    }

    /// The objects that names are made of.
    public interface Source {
        /// Absent when there is none.
        Service service(ObjectKey key);

        List<EndpointSlice> slices(ObjectKey service);

        /// Those with this address of their own.
        List<Service> servicesAt(String address);

        /// Those with an endpoint at this address.
        List<EndpointSlice> slicesAt(String address);

        boolean namespace(String name);
    }

    private final String domain;
    private final Source source;

    public ClusterZone(String domain, Source source) {
        this.domain = domain;
        this.source = source;
    }

    /// The answers to a name in the domain, without the final dot: nothing when there is no such name, an empty list
    /// for a name that
    /// has no records.
    public Optional<List<Answer>> lookup(String query) {
        var name = query.toLowerCase(Locale.ROOT);
        if (name.equals(domain)) return Optional.of(List.of());
        var labels = new ArrayList<>(
                List.of(name.substring(0, name.length() - domain.length() - 1).split("\\.")));
        var kind = labels.removeLast();
        boolean services = kind.equals("svc");
        if (!services && !kind.equals("pod")) return Optional.empty();
        if (labels.isEmpty()) return Optional.of(List.of());
        var namespace = labels.removeLast();
        if (!source.namespace(namespace)) return Optional.empty();
        if (labels.isEmpty()) return Optional.of(List.of());
        return services ? service(namespace, labels) : pod(labels);
    }

    /// The names that an address has: its service's, or else those of the endpoints there. Nothing when it is not the
    /// cluster's.
    public List<String> names(String address) {
        for (var service : source.servicesAt(address)) return List.of(name(service.key()));
        return source.slicesAt(address).stream()
                .flatMap(slice -> slice.endpoints().stream()
                        .filter(endpoint -> endpoint.addresses().contains(address))
                        .filter(endpoint -> EndpointSlices.ready(endpoint) || publishesAll(slice))
                        .map(endpoint -> hostname(endpoint) + "." + name(EndpointSlices.service(slice))))
                .distinct()
                .toList();
    }

    private boolean publishesAll(EndpointSlice slice) {
        return source.service(EndpointSlices.service(slice)).spec().publishNotReadyAddresses();
    }

    private String name(ObjectKey service) {
        return service.name() + "." + service.namespace() + ".svc." + domain;
    }

    private static Optional<List<Answer>> pod(List<String> labels) {
        var dashed = labels.getFirst();
        if (labels.size() != 1 || !dashed.matches("\\d{1,3}(-\\d{1,3}){3}")) return Optional.empty();
        var address = dashed.replace('-', '.');
        return Addresses.isAddress(address) ? Optional.of(List.of(new Answer.Address(address))) : Optional.empty();
    }

    private Optional<List<Answer>> service(String namespace, List<String> labels) {
        var service = source.service(new ObjectKey(namespace, labels.removeLast()));
        if (!service.exists()) return Optional.empty();
        var spec = service.spec();
        if (spec.type() == ServiceType.EXTERNAL_NAME)
            return labels.isEmpty() ? Optional.of(List.of(new Answer.Alias(spec.externalName()))) : Optional.empty();
        boolean headless = Services.headless(spec);
        if (labels.isEmpty())
            return Optional.of(
                    headless ? endpoints(service, endpoint -> true) : List.of(new Answer.Address(spec.clusterIP())));
        if (labels.size() == 2 && labels.get(0).startsWith("_") && labels.get(1).startsWith("_")) {
            var port = labels.get(0).substring(1);
            var protocol = labels.get(1).substring(1);
            var base = name(service.key());
            return unlessEmpty(
                    headless
                            ? endpointLocations(service, port, protocol, base)
                            : locations(service, port, protocol, base));
        }
        if (labels.size() != 1 || !headless) return Optional.empty();
        var host = labels.getFirst();
        return unlessEmpty(endpoints(service, endpoint -> hostname(endpoint).equals(host)));
    }

    private static Optional<List<Answer>> unlessEmpty(List<Answer> answers) {
        return answers.isEmpty() ? Optional.empty() : Optional.of(answers);
    }

    /// An endpoint without a hostname goes by its address.
    private static String hostname(Endpoint endpoint) {
        return endpoint.hostnameOr(EndpointSlices.address(endpoint).replace('.', '-'));
    }

    private List<Answer> endpoints(Service service, Predicate<Endpoint> wanted) {
        boolean all = service.spec().publishNotReadyAddresses();
        var result = new ArrayList<Answer>();
        for (var slice : source.slices(service.key())) {
            for (var endpoint : slice.endpoints()) {
                if (!all && !EndpointSlices.ready(endpoint) || !wanted.test(endpoint)) continue;
                for (var address : endpoint.addresses()) result.add(new Answer.Address(address));
            }
        }
        return result;
    }

    private static List<Answer> locations(Service service, String port, String protocol, String base) {
        var result = new ArrayList<Answer>();
        for (var each : service.spec().ports()) {
            if (matches(each.name(), each.protocol(), port, protocol))
                result.add(new Answer.Location(each.port(), base, service.spec().clusterIP()));
        }
        return result;
    }

    private List<Answer> endpointLocations(Service service, String port, String protocol, String base) {
        var result = new ArrayList<Answer>();
        for (var slice : source.slices(service.key())) {
            for (var each : slice.ports()) {
                if (!matches(each.name(), each.protocol(), port, protocol)) continue;
                for (var endpoint : slice.endpoints()) {
                    if (!EndpointSlices.ready(endpoint)) continue;
                    result.add(new Answer.Location(
                            each.port(), hostname(endpoint) + "." + base, EndpointSlices.address(endpoint)));
                }
            }
        }
        return result;
    }

    private static boolean matches(String name, Protocol given, String wanted, String protocol) {
        var known = given == Protocol.UNSET ? Protocol.TCP : given;
        return name.equals(wanted) && known.text().equalsIgnoreCase(protocol);
    }
}
