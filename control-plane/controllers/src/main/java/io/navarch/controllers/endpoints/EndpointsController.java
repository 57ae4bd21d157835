package io.navarch.controllers.endpoints;

import io.navarch.client.Caches;
import io.navarch.client.ResourceType;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A Service's pods as EndpointSlices (for the service proxy and DNS) and as Endpoints (for older clients).
public final class EndpointsController implements Controller<EndpointsController.Seen> {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final int MAX_ENDPOINTS = 100;

    /// A Service, absent when it has been deleted, its pods, and what there is of its endpoints.
    public record Seen(ObjectKey key, View service, List<View> pods, List<View> slices, View endpoints) {}

    @Override
    public String name() {
        return "endpoint-slice-controller";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(ResourceType.SERVICES, Controller::self),
                new Input(ResourceType.PODS, EndpointsController::servicesOf),
                new Input(ResourceType.ENDPOINT_SLICES, slice -> {
                    var name = slice.labels().getOrDefault(SERVICE_NAME, "");
                    return name.isEmpty() ? List.of() : List.of(new ObjectKey(slice.namespace(), name));
                }),
                new Input(ResourceType.ENDPOINTS, Controller::self));
    }

    private static List<ObjectKey> servicesOf(Caches caches, View pod) {
        var result = new ArrayList<ObjectKey>();
        for (var service : caches.of(ResourceType.SERVICES).inNamespace(pod.namespace())) {
            var selector = service.spec().get("selector").stringMap();
            if (!selector.isEmpty() && LabelSelector.ofLabels(selector).matches(pod.labels()))
                result.add(service.key());
        }
        return result;
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("discovery.k8s.io", "endpointslices", "create,update,delete"),
                Permission.of("", "endpoints,endpoints/restricted", "create,update,delete"));
    }

    @Override
    public Seen observe(Caches caches, ObjectKey key) {
        var service = caches.of(ResourceType.SERVICES).get(key);
        var slices = caches.of(ResourceType.ENDPOINT_SLICES).inNamespace(key.namespace()).stream()
                .filter(slice -> slice.labels().getOrDefault(SERVICE_NAME, "").equals(key.name()))
                .filter(slice -> slice.labels().getOrDefault(MANAGED_BY, "").equals(MANAGER))
                .sorted(Comparator.comparing(View::name))
                .toList();
        var endpoints = caches.of(ResourceType.ENDPOINTS).get(key);
        var selector = service.spec().get("selector").stringMap();
        if (!service.exists()) return new Seen(key, service, List.of(), slices, endpoints);
        if (selector.isEmpty()) return null;
        var matcher = LabelSelector.ofLabels(selector);
        var pods = caches.of(ResourceType.PODS).inNamespace(key.namespace()).stream()
                .filter(pod -> matcher.matches(pod.labels()))
                .filter(pod -> !pod.status().get("podIP").string().isEmpty())
                .filter(pod -> !List.of("Succeeded", "Failed")
                        .contains(pod.status().get("phase").string()))
                .sorted(Comparator.comparing(View::name))
                .toList();
        return new Seen(key, service, pods, slices, endpoints);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        if (!seen.service.exists()) {
            for (var slice : seen.slices)
                actions.add(new Action.Delete(ResourceType.ENDPOINT_SLICES, slice.key(), slice.uid()));
            boolean ours = seen.endpoints.labels().containsKey("endpoints.kubernetes.io/managed-by");
            if (seen.endpoints.exists() && ours)
                actions.add(new Action.Delete(ResourceType.ENDPOINTS, seen.key, seen.endpoints.uid()));
            return Decision.of(actions);
        }
        if (seen.service.deleting() || seen.service.spec().get("type").string().equals("ExternalName"))
            return Decision.NOTHING;
        slices(seen, actions);
        endpoints(seen, actions);
        return Decision.of(actions);
    }

    /// Pods by the port numbers they listen on: named ports may differ between pods.
    private static Map<List<Object>, List<View>> byPorts(Seen seen) {
        var result = new LinkedHashMap<List<Object>, List<View>>();
        for (var pod : seen.pods)
            result.computeIfAbsent(ports(seen.service, pod), key -> new ArrayList<>())
                    .add(pod);
        return result;
    }

    private static List<Object> ports(View service, View pod) {
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

    private static Map<String, Object> endpoint(View pod, View service) {
        boolean ready = pod.condition("Ready").equals("True");
        boolean terminating = pod.deleting();
        boolean published = service.spec().get("publishNotReadyAddresses").bool();
        var subdomain = pod.spec().get("subdomain").string();
        boolean named = !pod.spec().get("hostname").string().isEmpty() && subdomain.equals(service.name());
        return Trees.map(
                "addresses", List.of(pod.status().get("podIP").string()),
                "conditions",
                        Trees.map(
                                "ready",
                                published || ready && !terminating,
                                "serving",
                                published || ready,
                                "terminating",
                                terminating),
                "hostname", named ? pod.spec().get("hostname").string() : null,
                "nodeName", pod.spec().get("nodeName").string(),
                "targetRef",
                        Trees.map("kind", "Pod", "namespace", pod.namespace(), "name", pod.name(), "uid", pod.uid()));
    }

    private static void slices(Seen seen, List<Action> actions) {
        var wanted = new ArrayList<Map<String, Object>>();
        byPorts(seen).forEach((ports, pods) -> {
            for (int start = 0; start < pods.size(); start += MAX_ENDPOINTS) {
                var endpoints = new ArrayList<Object>();
                for (var pod : pods.subList(start, Math.min(pods.size(), start + MAX_ENDPOINTS)))
                    endpoints.add(endpoint(pod, seen.service));
                wanted.add(Trees.map("addressType", "IPv4", "endpoints", endpoints, "ports", ports));
            }
        });
        // A Service without pods still has a slice, so that clients can tell "none" from "not yet".
        if (wanted.isEmpty()) wanted.add(Trees.map("addressType", "IPv4", "endpoints", List.of(), "ports", List.of()));
        var spare = new ArrayList<>(seen.slices);
        var labels = labels(seen.service);
        for (var body : wanted) {
            if (spare.isEmpty()) {
                body.put(
                        "metadata",
                        Trees.map(
                                "generateName",
                                seen.key.name() + "-",
                                "namespace",
                                seen.key.namespace(),
                                "labels",
                                labels,
                                "ownerReferences",
                                Trees.list(Trees.map(
                                        "apiVersion",
                                        "v1",
                                        "kind",
                                        "Service",
                                        "name",
                                        seen.service.name(),
                                        "uid",
                                        seen.service.uid(),
                                        "controller",
                                        true,
                                        "blockOwnerDeletion",
                                        true))));
                actions.add(new Action.Create(ResourceType.ENDPOINT_SLICES, body));
                continue;
            }
            var slice = spare.removeFirst();
            boolean same = Trees.semanticEquals(
                            body.get("endpoints"), slice.get("endpoints").value())
                    && Trees.semanticEquals(
                            body.get("ports"), slice.get("ports").value())
                    && labels.equals(slice.metadata().get("labels").map());
            if (same) continue;
            var object = Trees.copy(slice.map());
            object.put("endpoints", body.get("endpoints"));
            object.put("ports", body.get("ports"));
            Trees.put(object, labels, "metadata", "labels");
            actions.add(new Action.Update(ResourceType.ENDPOINT_SLICES, object, ""));
        }
        for (var slice : spare) actions.add(new Action.Delete(ResourceType.ENDPOINT_SLICES, slice.key(), slice.uid()));
    }

    private static Map<String, Object> labels(View service) {
        var labels = Trees.map();
        labels.putAll(service.labels());
        labels.put(SERVICE_NAME, service.name());
        labels.put(MANAGED_BY, MANAGER);
        if (service.spec().get("clusterIP").string().equals("None")) labels.put("service.kubernetes.io/headless", "");
        return labels;
    }

    private static void endpoints(Seen seen, List<Action> actions) {
        var subsets = new ArrayList<Object>();
        byPorts(seen).forEach((ports, pods) -> {
            var ready = new ArrayList<Object>();
            var waiting = new ArrayList<Object>();
            for (var pod : pods) {
                boolean isReady =
                        seen.service.spec().get("publishNotReadyAddresses").bool()
                                || pod.condition("Ready").equals("True");
                if (pod.deleting()
                        && !seen.service.spec().get("publishNotReadyAddresses").bool()) continue;
                (isReady ? ready : waiting)
                        .add(Trees.map(
                                "ip", pod.status().get("podIP").string(),
                                "nodeName", pod.spec().get("nodeName").string(),
                                "targetRef",
                                        Trees.map(
                                                "kind",
                                                "Pod",
                                                "namespace",
                                                pod.namespace(),
                                                "name",
                                                pod.name(),
                                                "uid",
                                                pod.uid())));
            }
            if (ready.isEmpty() && waiting.isEmpty()) return;
            var named = new ArrayList<Object>();
            for (var port : ports) {
                var copy = Trees.copy(View.of(port).map());
                if ("".equals(copy.get("name"))) copy.remove("name");
                named.add(copy);
            }
            subsets.add(Trees.map(
                    "addresses",
                    ready.isEmpty() ? null : ready,
                    "notReadyAddresses",
                    waiting.isEmpty() ? null : waiting,
                    "ports",
                    named));
        });
        var labels = Trees.map();
        labels.putAll(seen.service.labels());
        labels.put("endpoints.kubernetes.io/managed-by", "endpoint-controller");
        if (!seen.endpoints.exists()) {
            actions.add(new Action.Create(
                    ResourceType.ENDPOINTS,
                    Trees.map(
                            "metadata",
                            Trees.map("name", seen.key.name(), "namespace", seen.key.namespace(), "labels", labels),
                            "subsets",
                            subsets)));
        } else if (!Trees.semanticEquals(subsets, seen.endpoints.get("subsets").value())
                || !labels.equals(seen.endpoints.metadata().get("labels").map())) {
            var object = Trees.copy(seen.endpoints.map());
            object.put("subsets", subsets);
            Trees.put(object, labels, "metadata", "labels");
            actions.add(new Action.Update(ResourceType.ENDPOINTS, object, ""));
        }
    }
}
