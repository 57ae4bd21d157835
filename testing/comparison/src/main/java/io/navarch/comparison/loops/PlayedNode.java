package io.navarch.comparison.loops;

import io.navarch.comparison.Call;
import io.navarch.comparison.Side;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Plays some nodes against a server, the same way against any: they tell that they live, and their pods run, or end as
/// an annotation of the pod says.
final class PlayedNode implements Runnable {
    /// Nodes for all, and those that a scenario has for itself by label and taint.
    static final List<String> FOR_ALL = List.of("played-a", "played-b", "played-c");

    static final List<String> OF_SCENARIOS = List.of("own-taints", "own-lost");

    private static final int LOOK_MILLIS = 150;
    private static final int RENEW_SECONDS = 10;
    private static final String AS_KUBELET = "?fieldManager=kubelet";

    private final Side side;
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private long renewed;

    PlayedNode(Side side) {
        this.side = side;
    }

    void silence(String node) {
        silent.add(node);
    }

    void register() {
        FOR_ALL.forEach(name -> register(name, false));
        OF_SCENARIOS.forEach(name -> register(name, true));
    }

    private void register(String name, boolean own) {
        var labels = Trees.map("kubernetes.io/hostname", name, "kubernetes.io/os", "linux");
        if (own) labels.put("own", name);
        var taints = own ? List.of(Map.of("key", "own", "effect", "NoSchedule")) : null;
        var node = Map.of("metadata", Map.of("name", name, "labels", labels), "spec", Trees.map("taints", taints));
        side.send(Call.of("", "POST", "/api/v1/nodes" + AS_KUBELET, node));
        side.send(Call.of(
                "",
                "POST",
                "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases" + AS_KUBELET,
                Map.of(
                        "metadata",
                        Map.of("name", name),
                        "spec",
                        Map.of("holderIdentity", name, "leaseDurationSeconds", 40, "renewTime", micros()))));
        tell(name);
    }

    private void tell(String name) {
        var resources = Map.of("cpu", "64", "memory", "64Gi", "pods", "110", "ephemeral-storage", "100Gi");
        var now = now();
        var conditions = List.of(
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory", now),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure", now),
                condition("PIDPressure", "False", "KubeletHasSufficientPID", now),
                condition("Ready", "True", "KubeletReady", now));
        var status = Map.of("capacity", resources, "allocatable", resources, "conditions", conditions);
        patch("/api/v1/nodes/" + name + "/status", Map.of("status", status));
    }

    private static Map<String, Object> condition(String type, String status, String reason, String now) {
        return Trees.map(
                "type",
                type,
                "status",
                status,
                "reason",
                reason,
                "message",
                "played",
                "lastHeartbeatTime",
                now,
                "lastTransitionTime",
                now);
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                renew();
                var answer = side.send(Call.get("", "/api/v1/pods?fieldSelector=spec.nodeName%21%3D"));
                for (var pod : View.of(answer.body()).get("items").views()) {
                    var node = pod.spec().get("nodeName").string();
                    if ((FOR_ALL.contains(node) || OF_SCENARIOS.contains(node)) && !silent.contains(node)) play(pod);
                }
                TaskScope.pause(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() {
        long now = System.nanoTime();
        if (renewed != 0 && now - renewed < RENEW_SECONDS * 1_000_000_000L) return;
        renewed = now;
        for (var nodes : List.of(FOR_ALL, OF_SCENARIOS))
            for (var name : nodes)
                if (!silent.contains(name))
                    side.send(Call.patch(
                            "",
                            "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/" + name + AS_KUBELET,
                            "application/merge-patch+json",
                            Map.of("spec", Map.of("renewTime", micros()))));
    }

    private void play(View pod) {
        var uri = "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name();
        boolean ended = PodPlay.ended(pod);
        if (pod.deleting()) {
            if (!ended) patch(uri + "/status", PodPlay.status(pod, PodPlay.SUCCEEDED, now()));
            else if (pod.metadata().get("deletionGracePeriodSeconds").longOr(0) > 0)
                side.send(Call.of(
                        "", "DELETE", uri, Map.of("gracePeriodSeconds", 0, "preconditions", Map.of("uid", pod.uid()))));
            return;
        }
        var outcome = PodPlay.outcome(pod);
        if (!ended && !PodPlay.is(pod, outcome)) patch(uri + "/status", PodPlay.status(pod, outcome, now()));
    }

    private void patch(String uri, Map<String, ?> body) {
        side.send(Call.patch("", uri + AS_KUBELET, "application/strategic-merge-patch+json", body));
    }

    private static String now() {
        return Instant.ofEpochSecond(Instant.now().getEpochSecond()).toString();
    }

    private static String micros() {
        return now().replace("Z", ".000000Z");
    }
}
