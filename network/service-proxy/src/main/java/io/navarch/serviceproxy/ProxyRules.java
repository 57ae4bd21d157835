package io.navarch.serviceproxy;

import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Services, their endpoints and host ports as a rule set: a pure function.
public final class ProxyRules {
    /// Marks what must leave with the node's own address; the bit kube-proxy uses.
    static final String MASQUERADE = "meta mark set meta mark or 0x4000";

    private final Map<String, List<String>> chains = new TreeMap<>();
    private final Map<String, Map<String, String>> maps = new TreeMap<>();
    private final Map<String, Long> sets = new TreeMap<>();
    private final Map<String, List<View>> slices = new TreeMap<>();
    private final String nodeName;

    private ProxyRules(String nodeName) {
        this.nodeName = nodeName;
        for (var name : List.of("services", "nodeports", "hostports", "no-endpoints", "no-endpoints-nodeports"))
            maps.put(name, new TreeMap<>());
    }

    private record Endpoint(String address, long port, boolean local) {}

    public static Ruleset of(
            Collection<View> services, Collection<View> slices, Collection<View> pods, String nodeName) {
        var rules = new ProxyRules(nodeName);
        for (var slice : slices) {
            var service = slice.labels().getOrDefault("kubernetes.io/service-name", "");
            if (!service.isEmpty())
                rules.slices
                        .computeIfAbsent(slice.namespace() + "/" + service, key -> new ArrayList<>())
                        .add(slice);
        }
        services.stream()
                .sorted(Comparator.comparing(service -> service.key().toString()))
                .forEach(rules::service);
        pods.forEach(rules::hostPorts);
        return new Ruleset(rules.chains, rules.maps, rules.sets);
    }

    /// A name for chains: readable, and short enough for nftables.
    private static String chain(String kind, View service, String port) {
        var text = service.namespace() + "/" + service.name() + "/" + port;
        var readable = text.replaceAll("[^A-Za-z0-9]", "-");
        return kind + "-" + (readable.length() > 90 ? readable.substring(0, 90) : readable) + "-"
                + Integer.toHexString(text.hashCode());
    }

    private void service(View service) {
        var spec = service.spec();
        var address = spec.get("clusterIP").string();
        if (address.isEmpty() || address.equals("None")) return;
        for (var port : spec.get("ports").views()) {
            var protocol = port.get("protocol").stringOr("TCP").toLowerCase(Locale.ROOT);
            if (protocol.equals("sctp")) continue;
            var endpoints = endpoints(service, port);
            var internal = spec.get("internalTrafficPolicy").string().equals("Local")
                    ? endpoints.stream().filter(Endpoint::local).toList()
                    : endpoints;
            var external = spec.get("externalTrafficPolicy").string().equals("Local")
                    ? endpoints.stream().filter(Endpoint::local).toList()
                    : endpoints;
            var label = port.get("name").string() + "/" + protocol + "/"
                    + port.get("port").text();
            var addresses = new ArrayList<String>();
            addresses.add(address);
            addresses.addAll(spec.get("externalIPs").strings());
            for (var ingress : service.status().get("loadBalancer", "ingress").views())
                if (!ingress.get("ip").string().isEmpty())
                    addresses.add(ingress.get("ip").string());
            for (var each : addresses) {
                var key = each + " . " + protocol + " . " + port.get("port").text();
                if (internal.isEmpty()) maps.get("no-endpoints").put(key, "");
                else maps.get("services").put(key, "goto " + balance(service, label, "svc", protocol, internal));
            }
            long node = port.get("nodePort").longOr(0);
            if (node == 0) continue;
            var nodeKey = protocol + " . " + node;
            if (external.isEmpty()) {
                maps.get("no-endpoints-nodeports").put(nodeKey, "");
                continue;
            }
            var target = balance(
                    service,
                    label,
                    external == endpoints || external.size() == endpoints.size() ? "svc" : "svl",
                    protocol,
                    external);
            var entry = chain("ext", service, label);
            boolean keepsClient = spec.get("externalTrafficPolicy").string().equals("Local");
            chains.put(entry, keepsClient ? List.of("goto " + target) : List.of(MASQUERADE, "goto " + target));
            maps.get("nodeports").put(nodeKey, "goto " + entry);
        }
    }

    private List<Endpoint> endpoints(View service, View port) {
        var ready = new ArrayList<Endpoint>();
        var serving = new ArrayList<Endpoint>();
        for (var slice : slices.getOrDefault(service.key().toString(), List.of())) {
            if (!slice.get("addressType").string().equals("IPv4")) continue;
            var target = slice.get("ports").find("name", port.get("name").string());
            if (port.get("name").string().isEmpty()) target = slice.get("ports").at(0);
            if (!target.exists()) continue;
            for (var endpoint : slice.get("endpoints").views()) {
                var conditions = endpoint.get("conditions");
                boolean local = endpoint.get("nodeName").string().equals(nodeName);
                var made = new Endpoint(
                        endpoint.get("addresses").at(0).string(),
                        target.get("port").longOr(0),
                        local);
                if (conditions.get("ready").boolOr(true)) ready.add(made);
                else if (conditions.get("serving").bool()
                        && conditions.get("terminating").bool()) serving.add(made);
            }
        }
        // When all are going away, those that still serve are better than none (KEP-1669).
        var result = ready.isEmpty() ? serving : ready;
        result.sort(Comparator.comparing(Endpoint::address).thenComparing(Endpoint::port));
        return result;
    }

    /// The chain that picks one of the endpoints.
    private String balance(View service, String label, String kind, String protocol, List<Endpoint> endpoints) {
        var name = chain(kind, service, label);
        if (chains.containsKey(name)) return name;
        boolean sticky = service.spec().get("sessionAffinity").string().equals("ClientIP");
        long timeout = service.spec()
                .get("sessionAffinityConfig", "clientIP", "timeoutSeconds")
                .longOr(10800);
        var rules = new ArrayList<String>();
        var choices = new ArrayList<String>();
        for (int i = 0; i < endpoints.size(); i++) {
            var endpoint = endpoints.get(i);
            var target = chain("ep", service, label + "/" + endpoint.address + "/" + endpoint.port);
            var steps = new ArrayList<String>();
            // A pod that reaches itself through its service would answer itself directly.
            steps.add("ip saddr " + endpoint.address + " " + MASQUERADE);
            if (sticky) {
                var set = target.replaceFirst("^ep", "aff");
                sets.put(set, timeout);
                steps.add("update @" + set + " { ip saddr }");
                rules.add("ip saddr @" + set + " goto " + target);
            }
            steps.add("meta l4proto " + protocol + " dnat to " + endpoint.address + ":" + endpoint.port);
            chains.put(target, steps);
            choices.add(i + " : goto " + target);
        }
        rules.add("numgen random mod " + endpoints.size() + " vmap { " + String.join(", ", choices) + " }");
        chains.put(name, rules);
        return name;
    }

    private void hostPorts(View pod) {
        var address = pod.status().get("podIP").string();
        boolean ended = List.of("Succeeded", "Failed")
                .contains(pod.status().get("phase").string());
        if (address.isEmpty()
                || ended
                || pod.spec().get("hostNetwork").bool()
                || !pod.spec().get("nodeName").string().equals(nodeName)) return;
        for (var container : pod.spec().get("containers").views()) {
            for (var port : container.get("ports").views()) {
                if (port.get("hostPort").longOr(0) == 0) continue;
                var protocol = port.get("protocol").stringOr("TCP").toLowerCase(Locale.ROOT);
                var name = "host-" + protocol + "-" + port.get("hostPort").text() + "-"
                        + port.get("hostIP").string().replace('.', '-');
                var filter = List.of("", "0.0.0.0").contains(port.get("hostIP").string())
                        ? ""
                        : "ip daddr " + port.get("hostIP").string() + " ";
                chains.put(
                        name,
                        List.of(
                                "ip saddr " + address + " " + MASQUERADE,
                                filter + "meta l4proto " + protocol + " dnat to " + address + ":"
                                        + port.get("containerPort").text()));
                maps.get("hostports")
                        .put(protocol + " . " + port.get("hostPort").text(), "goto " + name);
            }
        }
    }
}
