package io.navarch.kinds.pod;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The defaults of a pod's spec, for pods and pod templates alike.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
public final class PodDefaults {
    private PodDefaults() {}

    public static void applyToPod(Map<String, Object> pod) {
        apply(Trees.child(pod, "spec"));
        requestsFromLimits(Trees.child(pod, "spec"));
        Trees.putIfAbsent(pod, "Pending", "status", "phase");
        if (!View.of(pod).status().get("qosClass").exists()) {
            Trees.put(pod, Qos.of(View.of(pod).spec()), "status", "qosClass");
        }
        // A pod's own spec knows whether links are wanted; a template leaves it open.
        Trees.putIfAbsent(pod, true, "spec", "enableServiceLinks");
    }

    public static void applyToTemplate(Map<String, Object> template) {
        if (!(template.get("metadata") instanceof Map)) Trees.child(template, "metadata");
        apply(Trees.child(template, "spec"));
    }

    private static void apply(Map<String, Object> spec) {
        var view = View.of(spec);
        Trees.putIfAbsent(spec, "Always", "restartPolicy");
        Trees.putIfAbsent(spec, 30L, "terminationGracePeriodSeconds");
        Trees.putIfAbsent(spec, "ClusterFirst", "dnsPolicy");
        Trees.putIfAbsent(spec, Trees.map(), "securityContext");
        Trees.putIfAbsent(spec, "default-scheduler", "schedulerName");
        var account = view.get("serviceAccountName")
                .stringOr(view.get("serviceAccount").string());
        if (!account.isEmpty()) {
            spec.put("serviceAccountName", account);
            spec.put("serviceAccount", account);
        }
        for (var field : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (var container : maps(view.get(field)))
                container(container, view.get("hostNetwork").bool());
        }
        for (var volume : maps(view.get("volumes"))) volume(volume);
        for (var spread : maps(view.get("topologySpreadConstraints"))) {
            Trees.putIfAbsent(spread, "Honor", "nodeAffinityPolicy");
            Trees.putIfAbsent(spread, "Ignore", "nodeTaintsPolicy");
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(View list) {
        var result = new ArrayList<Map<String, Object>>();
        for (var element : list.list()) if (element instanceof Map<?, ?> map) result.add((Map<String, Object>) map);
        return result;
    }

    private static void container(Map<String, Object> container, boolean hostNetwork) {
        var view = View.of(container);
        Trees.putIfAbsent(container, "/dev/termination-log", "terminationMessagePath");
        Trees.putIfAbsent(container, "File", "terminationMessagePolicy");
        Trees.putIfAbsent(container, pullPolicy(view.get("image").string()), "imagePullPolicy");
        Trees.putIfAbsent(container, Trees.map(), "resources");
        for (var port : maps(view.get("ports"))) {
            Trees.putIfAbsent(port, "TCP", "protocol");
            if (hostNetwork && port.get("containerPort") != null)
                Trees.putIfAbsent(port, port.get("containerPort"), "hostPort");
        }
        for (var variable : maps(view.get("env"))) {
            if (View.of(variable).get("valueFrom", "fieldRef").isMap()) {
                Trees.putIfAbsent(variable, "v1", "valueFrom", "fieldRef", "apiVersion");
            }
        }
        for (var probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (view.get(probe).isMap()) probe(Trees.child(container, probe));
        }
        for (var hook : List.of("postStart", "preStop")) {
            if (view.get("lifecycle", hook, "httpGet").isMap()) {
                httpGet(Trees.child(Trees.child(Trees.child(container, "lifecycle"), hook), "httpGet"));
            }
        }
    }

    /// `Always` for `:latest` and no tag, else `IfNotPresent`.
    static String pullPolicy(String image) {
        if (image.contains("@")) return "IfNotPresent";
        var last = image.substring(image.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        return colon < 0 || last.substring(colon + 1).equals("latest") ? "Always" : "IfNotPresent";
    }

    private static void probe(Map<String, Object> probe) {
        Trees.putIfAbsent(probe, 1L, "timeoutSeconds");
        Trees.putIfAbsent(probe, 10L, "periodSeconds");
        Trees.putIfAbsent(probe, 1L, "successThreshold");
        Trees.putIfAbsent(probe, 3L, "failureThreshold");
        if (probe.get("httpGet") instanceof Map) httpGet(Trees.child(probe, "httpGet"));
        if (probe.get("grpc") instanceof Map) Trees.putIfAbsent(probe, "", "grpc", "service");
    }

    private static void httpGet(Map<String, Object> action) {
        Trees.putIfAbsent(action, "/", "path");
        Trees.putIfAbsent(action, "HTTP", "scheme");
    }

    private static void volume(Map<String, Object> volume) {
        if (volume.size() == 1 && volume.containsKey("name")) volume.put("emptyDir", Trees.map());
        for (var source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            if (volume.get(source) instanceof Map) Trees.putIfAbsent(volume, 420L, source, "defaultMode");
        }
        if (volume.get("hostPath") instanceof Map) Trees.putIfAbsent(volume, "", "hostPath", "type");
        for (var source : maps(View.of(volume).get("projected", "sources"))) {
            if (source.get("serviceAccountToken") instanceof Map) {
                Trees.putIfAbsent(source, 3600L, "serviceAccountToken", "expirationSeconds");
            }
        }
        for (var items : List.of(View.of(volume).get("downwardAPI", "items"))) {
            for (var item : maps(items)) {
                if (item.get("fieldRef") instanceof Map) Trees.putIfAbsent(item, "v1", "fieldRef", "apiVersion");
            }
        }
        for (var source : maps(View.of(volume).get("projected", "sources"))) {
            for (var item : maps(View.of(source).get("downwardAPI", "items"))) {
                if (item.get("fieldRef") instanceof Map) Trees.putIfAbsent(item, "v1", "fieldRef", "apiVersion");
            }
        }
    }

    private static void requestsFromLimits(Map<String, Object> spec) {
        for (var field : List.of("initContainers", "containers")) {
            for (var container : maps(View.of(spec).get(field))) {
                var limits = View.of(container).get("resources", "limits");
                limits.map()
                        .forEach((name, amount) -> Trees.putIfAbsent(container, amount, "resources", "requests", name));
            }
        }
    }
}
