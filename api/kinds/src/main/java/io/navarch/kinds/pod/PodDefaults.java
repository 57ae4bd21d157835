package io.navarch.kinds.pod;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The defaults of a pod that depend on other fields; the plain ones are in the overlay.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
public final class PodDefaults {
    /// `domain:port/path/name:tag`.
    ///
    /// Source: https://github.com/distribution/reference
    private static final Pattern IMAGE = Pattern.compile(
            "(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?"
                    + "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\\w][\\w.-]{0,127})?");

    private PodDefaults() {}

    static void applyToPod(Map<String, Object> pod) {
        var spec = Trees.child(pod, "spec");
        requestsFromLimits(spec);
        if (View.of(spec).get("resources").isMap()) podRequestsFromLimits(spec);
        Trees.putIfAbsent(pod, "Pending", "status", "phase");
        PodStatusRules.complete(pod);
        if (!View.of(pod).status().get("qosClass").exists()) {
            Trees.put(pod, Qos.of(View.of(pod).spec()), "status", "qosClass");
        }
        // A pod's own spec knows whether links are wanted; a template leaves it open.
        Trees.putIfAbsent(pod, true, "spec", "enableServiceLinks");
    }

    /// A pod's spec, wherever it stands.
    public static void spec(Map<String, Object> spec) {
        var view = View.of(spec);
        var account = view.get("serviceAccountName")
                .stringOr(view.get("serviceAccount").string());
        if (!account.isEmpty()) {
            spec.put("serviceAccountName", account);
            spec.put("serviceAccount", account);
        }
        boolean hostNetwork = view.get("hostNetwork").bool();
        for (var field : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (var container : maps(view.get(field))) {
                Trees.putIfAbsent(
                        container, pullPolicy(View.of(container).get("image").string()), "imagePullPolicy");
                if (!hostNetwork) continue;
                for (var port : maps(View.of(container).get("ports"))) {
                    if (port.get("containerPort") != null)
                        Trees.putIfAbsent(port, port.get("containerPort"), "hostPort");
                }
            }
        }
        for (var volume : maps(view.get("volumes"))) {
            if (volume.size() == 1 && volume.containsKey("name")) volume.put("emptyDir", Trees.map());
            if (volume.get("image") instanceof Map<?, ?> image)
                Trees.putIfAbsent(volume, pullPolicy(String.valueOf(image.get("reference"))), "image", "pullPolicy");
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(View list) {
        var result = new ArrayList<Map<String, Object>>();
        for (var element : list.list()) if (element instanceof Map<?, ?> map) result.add((Map<String, Object>) map);
        return result;
    }

    /// `Always` for `:latest` and no tag, else `IfNotPresent`; also for what is no image's name.
    static String pullPolicy(String image) {
        if (image.contains("@") || !IMAGE.matcher(image).matches()) return "IfNotPresent";
        var last = image.substring(image.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        return colon < 0 || last.substring(colon + 1).equals("latest") ? "Always" : "IfNotPresent";
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

    private static void podRequestsFromLimits(Map<String, Object> spec) {
        View.of(spec).get("resources", "limits").map().forEach((name, amount) -> {
            boolean asked = View.of(spec).get("containers").stream()
                    .anyMatch(container ->
                            container.get("resources", "requests", name).exists());
            if (!asked) Trees.putIfAbsent(spec, amount, "resources", "requests", name);
        });
    }
}
