package io.navarch.controllers.endpoints;

import io.navarch.controllers.Owners;
import io.navarch.controllers.Pods;
import io.navarch.controllers.SliceMetrics;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A Service's EndpointSlices: by address family and by ports, each endpoint where it was before, so that one pod that
/// comes or goes changes one slice.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
final class ServiceSlices {
    static final SliceMetrics METRICS = new SliceMetrics("endpoint_slice_controller");

    private final EndpointsController.Seen seen;
    private final View service;

    ServiceSlices(EndpointsController.Seen seen) {
        this.seen = seen;
        this.service = seen.service();
    }

    void decide(List<Action> actions) {
        var spare = new ArrayList<>(seen.slices());
        boolean any = false;
        for (var family : families()) {
            var zones = hints(family, actions);
            for (var group : EndpointsController.byPorts(seen).entrySet()) {
                var wanted = new LinkedHashMap<String, Map<String, Object>>();
                for (var pod : group.getValue()) {
                    var address = address(pod, family);
                    if (!address.isEmpty()) wanted.put(pod.uid(), endpoint(pod, address, zones));
                }
                if (wanted.isEmpty()) continue;
                any = true;
                var own = spare.stream()
                        .filter(slice -> slice.get("addressType").string().equals(family)
                                && Trees.semanticEquals(
                                        group.getKey(), slice.get("ports").list()))
                        .toList();
                spare.removeAll(own);
                for (var placed : SlicePlacement.place(wanted, own))
                    write(family, group.getKey(), placed, spare, actions);
            }
        }
        // A Service without pods still has a slice, so that clients can tell "none" from "not yet".
        if (!any)
            write(
                    families().getFirst(),
                    List.of(),
                    new SlicePlacement.Placed(spare.isEmpty() ? View.of(null) : spare.removeFirst(), List.of()),
                    spare,
                    actions);
        for (var slice : spare) actions.add(METRICS.delete(slice));
    }

    /// The zones that endpoints of one family are meant for, and an event when that begins or ends; `null` when the
    /// Service does not ask for it.
    private ZoneHints hints(String family, List<Action> actions) {
        if (!ZoneHints.wanted(service)) return null;
        var endpoints = new LinkedHashMap<String, String>();
        for (var pod : seen.pods())
            if (!address(pod, family).isEmpty() && serves(pod)) endpoints.put(pod.uid(), zone(pod));
        var hints = ZoneHints.of(endpoints, seen.shares());
        boolean before = seen.slices().stream()
                .filter(slice -> slice.get("addressType").string().equals(family))
                .flatMap(slice -> slice.get("endpoints").stream())
                .anyMatch(endpoint -> endpoint.get("hints", "forZones").exists());
        boolean now = !hints.zones().isEmpty();
        if (now && !before)
            actions.add(Action.RecordEvent.normal(
                    service,
                    "TopologyAwareHintsEnabled",
                    "Topology Aware Hints has been enabled, addressType: " + family));
        if (!now && before)
            actions.add(Action.RecordEvent.warning(
                    service, "TopologyAwareHintsDisabled", hints.refusal() + ", addressType: " + family));
        return hints;
    }

    private String zone(View pod) {
        return ZoneHints.zone(seen.nodes().getOrDefault(Pods.node(pod), View.of(null)));
    }

    private boolean serves(View pod) {
        return service.spec().get("publishNotReadyAddresses").bool() || Pods.ready(pod) && !pod.deleting();
    }

    private List<String> families() {
        var families = service.spec().get("ipFamilies").strings();
        return families.isEmpty() ? List.of("IPv4") : families;
    }

    private static String address(View pod, String family) {
        for (var each : pod.status().get("podIPs").views())
            if (each.get("ip").string().contains(":") == family.equals("IPv6"))
                return each.get("ip").string();
        var first = pod.status().get("podIP").string();
        return first.contains(":") == family.equals("IPv6") ? first : "";
    }

    static List<Object> ports(View service, View pod) {
        var result = new ArrayList<Object>();
        for (var port : service.spec().get("ports").views()) {
            long number = number(port.get("targetPort"), port.get("protocol").stringOr("TCP"), pod);
            if (number == 0) continue;
            result.add(Trees.map(
                    "name", port.get("name").string(),
                    "protocol", port.get("protocol").stringOr("TCP"),
                    "port", number,
                    "appProtocol", port.get("appProtocol").value()));
        }
        return result;
    }

    private static long number(View target, String protocol, View pod) {
        if (!(target.value() instanceof String name)) return target.longOr(0);
        for (var container : pod.spec().get("containers").views()) {
            for (var port : container.get("ports").views()) {
                if (port.get("name").string().equals(name)
                        && port.get("protocol").stringOr("TCP").equals(protocol))
                    return port.get("containerPort").longOr(0);
            }
        }
        return 0;
    }

    private Map<String, Object> endpoint(View pod, String address, ZoneHints zones) {
        boolean ready = Pods.ready(pod);
        boolean terminating = pod.deleting();
        boolean published = service.spec().get("publishNotReadyAddresses").bool();
        var subdomain = pod.spec().get("subdomain").string();
        boolean named = !pod.spec().get("hostname").string().isEmpty() && subdomain.equals(service.name());
        var zone = zone(pod);
        boolean serves = serves(pod);
        return Trees.map(
                "addresses",
                List.of(address),
                "conditions",
                Trees.map("ready", serves, "serving", published || ready, "terminating", terminating),
                "hints",
                serves ? hints(pod, zone, zones) : null,
                "hostname",
                named ? pod.spec().get("hostname").string() : null,
                "nodeName",
                Pods.node(pod),
                "zone",
                zone.isEmpty() ? null : zone,
                "targetRef",
                Trees.map("kind", "Pod", "namespace", pod.namespace(), "name", pod.name(), "uid", pod.uid()));
    }

    /// Whom the endpoint is meant for: by share where the Service asks for that, else by its `trafficDistribution`.
    private Map<String, Object> hints(View pod, String zone, ZoneHints shared) {
        if (shared != null) {
            var meant = shared.zones().get(pod.uid());
            return meant == null ? null : ZoneHints.forZone(meant);
        }
        var node = Pods.node(pod);
        var zones = zone.isEmpty() ? null : List.of(Trees.map("name", zone));
        return switch (service.spec().get("trafficDistribution").string()) {
            case "PreferClose", "PreferSameZone" -> zones == null ? null : Trees.map("forZones", zones);
            case "PreferSameNode" -> Trees.map("forNodes", List.of(Trees.map("name", node)), "forZones", zones);
            default -> null;
        };
    }

    private void write(
            String family, List<Object> ports, SlicePlacement.Placed placed, List<View> spare, List<Action> actions) {
        var slice = placed.slice();
        // One whose ports are no longer wanted can serve for others.
        if (!slice.exists()) {
            slice = spare.stream()
                    .filter(each -> each.get("addressType").string().equals(family))
                    .findFirst()
                    .orElse(slice);
            spare.remove(slice);
        }
        var labels = labels();
        if (!slice.exists()) {
            actions.add(METRICS.create(Trees.map(
                    "metadata",
                    Trees.map(
                            "generateName",
                            service.name() + "-",
                            "namespace",
                            service.namespace(),
                            "labels",
                            labels,
                            "ownerReferences",
                            Trees.list(Owners.reference(service, Resources.SERVICES.untyped()))),
                    "addressType",
                    family,
                    "endpoints",
                    placed.endpoints(),
                    "ports",
                    ports)));
            return;
        }
        if (placed.endpoints().isEmpty() && !ports.isEmpty()) {
            actions.add(METRICS.delete(slice));
            return;
        }
        boolean same =
                Trees.semanticEquals(placed.endpoints(), slice.get("endpoints").list())
                        && Trees.semanticEquals(ports, slice.get("ports").list())
                        && labels.equals(slice.metadata().get("labels").map());
        if (same) return;
        var object = Trees.copy(slice.map());
        object.put("endpoints", placed.endpoints());
        object.put("ports", ports);
        Trees.put(object, labels, "metadata", "labels");
        actions.addAll(METRICS.update(object));
    }

    private Map<String, Object> labels() {
        var labels = Trees.map();
        labels.putAll(service.labels());
        labels.put(EndpointsController.SERVICE_NAME, service.name());
        labels.put(EndpointsController.MANAGED_BY, EndpointsController.MANAGER);
        if (service.spec().get("clusterIP").string().equals("None")) labels.put("service.kubernetes.io/headless", "");
        return labels;
    }
}
