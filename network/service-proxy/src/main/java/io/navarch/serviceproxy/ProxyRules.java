package io.navarch.serviceproxy;

import io.navarch.kinds.endpointslice.EndpointSlices;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.service.Services;
import io.navarch.model.AddressType;
import io.navarch.model.Container;
import io.navarch.model.ContainerPort;
import io.navarch.model.DiscoveryEndpointPort;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Pod;
import io.navarch.model.Protocol;
import io.navarch.model.Service;
import io.navarch.model.ServiceAffinity;
import io.navarch.model.ServicePort;
import io.navarch.model.ServiceTrafficPolicy;
import io.navarch.objects.Addresses;
import io.navarch.objects.Sha256;
import io.navarch.serviceproxy.NftRule.Balance;
import io.navarch.serviceproxy.NftRule.Goto;
import io.navarch.serviceproxy.NftRule.GotoKnown;
import io.navarch.serviceproxy.NftRule.Masquerade;
import io.navarch.serviceproxy.NftRule.Remember;
import io.navarch.serviceproxy.NftRule.Translate;
import io.navarch.serviceproxy.Ruleset.Element;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// The rules of one Service, or of one pod's host ports: pure functions.
public final class ProxyRules {
    private static final int DEFAULT_AFFINITY_SECONDS = 10800;

    private final Service service;
    private final List<EndpointSlice> slices;
    private final String nodeName;
    private final Ruleset rules = Ruleset.empty();

    private ProxyRules(Service service, List<EndpointSlice> slices, String nodeName) {
        this.service = service;
        this.slices = slices;
        this.nodeName = nodeName;
    }

    private record Endpoint(String address, int port, boolean local) {}

    /// @param slices of this Service
    public static Ruleset of(Service service, List<EndpointSlice> slices, String nodeName) {
        var spec = service.spec();
        if (Services.headless(spec) || clusterAddress(service).isEmpty()) return Ruleset.EMPTY;
        var rules = new ProxyRules(service, slices, nodeName);
        rules.rules.elements().put(new Element(NftTable.CLUSTER_ADDRESSES, clusterAddress(service)), "");
        for (var port : spec.ports()) if (protocol(port.protocol()) != Protocol.SCTP) rules.port(port);
        return rules.rules;
    }

    private static Protocol protocol(Protocol given) {
        return given == Protocol.UNSET ? Protocol.TCP : given;
    }

    private static String text(Protocol given) {
        return protocol(given).text().toLowerCase(Locale.ROOT);
    }

    /// A name for chains: readable, and short enough for nftables.
    private static String chain(String kind, String namespace, String name, String rest) {
        var text = namespace + "/" + name + "/" + rest;
        var readable = text.replaceAll("[^A-Za-z0-9]", "-");
        return kind + "-" + (readable.length() > 90 ? readable.substring(0, 90) : readable) + "-" + digest(text);
    }

    /// Nobody can find another text for it: whoever could would have a chain in another's place.
    private static String digest(String text) {
        return Sha256.hex(text).substring(0, 16);
    }

    /// The kernel refuses a whole transaction for one address of another family.
    private static boolean four(String address) {
        return !Addresses.six(address) && Addresses.isAddress(address);
    }

    private String chain(String kind, String rest) {
        return chain(kind, service.namespace(), service.name(), rest);
    }

    private void port(ServicePort port) {
        var spec = service.spec();
        var protocol = text(port.protocol());
        var label = port.name() + "/" + protocol + "/" + port.port();
        var endpoints = endpoints(port);
        var internal = reached(endpoints, spec.internalTrafficPolicy());
        var own = clusterAddress(service);
        for (var each : addresses(own)) {
            var key = each + " . " + protocol + " . " + port.port();
            var map = each.equals(own) ? NftTable.SERVICES : NftTable.EXTERNALS;
            if (!internal.isEmpty()) {
                rules.elements().put(new Element(map, key), balance(label, "svc", protocol, internal));
                continue;
            }
            rules.elements().put(new Element(NftTable.NO_ENDPOINTS, key), "");
            if (each.equals(own)) rules.elements().put(new Element(map, key), NftTable.NOBODY);
        }
        if (port.nodePort() == 0) return;
        var key = protocol + " . " + port.nodePort();
        var external = reached(endpoints, spec.externalTrafficPolicy());
        if (external.isEmpty()) {
            rules.elements().put(new Element(NftTable.NO_ENDPOINTS_NODE_PORTS, key), "");
            return;
        }
        var target = balance(label, external.size() == endpoints.size() ? "svc" : "svl", protocol, external);
        boolean keepsClient = spec.externalTrafficPolicy() == ServiceTrafficPolicy.LOCAL;
        var entry = chain("ext", label);
        rules.chains()
                .put(entry, keepsClient ? List.of(new Goto(target)) : List.of(new Masquerade(""), new Goto(target)));
        rules.elements().put(new Element(NftTable.NODE_PORTS, key), entry);
    }

    /// The Service's IPv4 address, or `""`.
    private static String clusterAddress(Service service) {
        var spec = service.spec();
        return Stream.concat(Stream.of(spec.clusterIP()), spec.clusterIPs().stream())
                .filter(ProxyRules::four)
                .findFirst()
                .orElse("");
    }

    private Set<String> addresses(String own) {
        var addresses = new LinkedHashSet<String>();
        addresses.add(own);
        service.spec().externalIPs().stream().filter(ProxyRules::four).forEach(addresses::add);
        for (var ingress : service.status().loadBalancer().ingress())
            if (four(ingress.ip())) addresses.add(ingress.ip());
        return addresses;
    }

    private static List<Endpoint> reached(List<Endpoint> endpoints, ServiceTrafficPolicy policy) {
        return policy == ServiceTrafficPolicy.LOCAL
                ? endpoints.stream().filter(Endpoint::local).toList()
                : endpoints;
    }

    private List<Endpoint> endpoints(ServicePort port) {
        var ready = new ArrayList<Endpoint>();
        var serving = new ArrayList<Endpoint>();
        for (var slice : slices) {
            if (slice.addressType() != AddressType.IPV4) continue;
            var target = target(slice, port);
            if (!target.exists()) continue;
            for (var endpoint : slice.endpoints()) {
                var conditions = endpoint.conditions();
                if (!four(EndpointSlices.address(endpoint))) continue;
                var made = new Endpoint(
                        EndpointSlices.address(endpoint),
                        target.port(),
                        endpoint.nodeName().equals(nodeName));
                if (EndpointSlices.ready(endpoint)) ready.add(made);
                else if (conditions.serving() && conditions.terminating()) serving.add(made);
            }
        }
        // When all are going away, those that still serve are better than none (KEP-1669).
        var result = ready.isEmpty() ? serving : ready;
        result.sort(Comparator.comparing(Endpoint::address).thenComparingInt(Endpoint::port));
        return result;
    }

    /// A Service with a single port need not name it.
    private static DiscoveryEndpointPort target(EndpointSlice slice, ServicePort port) {
        for (var each : slice.ports()) if (port.name().isEmpty() || each.name().equals(port.name())) return each;
        return DiscoveryEndpointPort.ABSENT;
    }

    /// The chain that picks one of the endpoints.
    private String balance(String label, String kind, String protocol, List<Endpoint> endpoints) {
        var name = chain(kind, label);
        if (rules.chains().containsKey(name)) return name;
        var known = new ArrayList<NftRule>();
        var targets = new ArrayList<String>();
        for (var endpoint : endpoints) {
            var target = chain("ep", label + "/" + endpoint.address + "/" + endpoint.port);
            var steps = new ArrayList<NftRule>();
            // A pod that reaches itself through its service would answer itself directly.
            steps.add(new Masquerade(endpoint.address));
            if (service.spec().sessionAffinity() == ServiceAffinity.CLIENT_IP) {
                var set = target.replaceFirst("^ep", "aff");
                rules.affinities().put(set, affinitySeconds());
                steps.add(new Remember(set));
                known.add(new GotoKnown(set, target));
            }
            steps.add(new Translate("", protocol, endpoint.address, endpoint.port));
            rules.chains().put(target, steps);
            targets.add(target);
        }
        known.add(new Balance(targets));
        rules.chains().put(name, known);
        return name;
    }

    private int affinitySeconds() {
        return service.spec().sessionAffinityConfig().clientIP().timeoutSecondsOr(DEFAULT_AFFINITY_SECONDS);
    }

    /// The rules of a pod's host ports; none when the pod is not on this node or has the node's own network.
    public static Ruleset hostPorts(Pod pod, String nodeName) {
        boolean elsewhere = !pod.spec().nodeName().equals(nodeName);
        if (elsewhere
                || !four(pod.status().podIP())
                || Pods.ended(pod)
                || pod.spec().hostNetwork()) return Ruleset.EMPTY;
        var rules = Ruleset.empty();
        for (var container : pod.spec().containers()) hostPorts(pod, container, rules);
        return rules;
    }

    private static void hostPorts(Pod pod, Container container, Ruleset rules) {
        for (var port : container.ports()) {
            if (port.hostPort() == 0 || protocol(port.protocol()) == Protocol.SCTP) continue;
            if (!port.hostIP().isEmpty() && !four(port.hostIP())) continue;
            var key = text(port.protocol()) + " . " + port.hostPort();
            var name = chain("host", pod.namespace(), pod.name(), key + "/" + port.hostIP());
            rules.chains().put(name, hostPort(pod.status().podIP(), port));
            boolean every = port.hostIP().isEmpty() || port.hostIP().equals("0.0.0.0");
            var element = every
                    ? new Element(NftTable.HOST_PORTS, key)
                    : new Element(NftTable.ADDRESSED_HOST_PORTS, port.hostIP() + " . " + key);
            rules.elements().put(element, name);
        }
    }

    /// Besides the pod that reaches itself, what the node sends to itself must find its way back.
    private static List<NftRule> hostPort(String address, ContainerPort port) {
        return List.of(
                new Masquerade(address),
                new Masquerade("127.0.0.0/8"),
                new Translate("", text(port.protocol()), address, port.containerPort()));
    }
}
