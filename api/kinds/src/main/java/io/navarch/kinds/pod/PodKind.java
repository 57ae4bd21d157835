package io.navarch.kinds.pod;

import io.navarch.kinds.types.Types;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.Map;
import java.util.stream.Collectors;

/// Pod, with the subresources that reach into its containers.
public final class PodKind {
    private PodKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "Pod", "pods")
                .version("v1", types.get("V1Pod"), PodPrinter.columns())
                .shortNames("po")
                .categories("all")
                .withStatus()
                .withGeneration()
                .withPart("ephemeralcontainers", PodUpdate::mergeEphemeral, PodUpdate::checkEphemeral)
                .withPart("resize", PodUpdate::mergeResize, PodUpdate::checkResize)
                .gracefulDeletion(pod -> pod.spec().get("nodeName").string().isEmpty()
                                || pod.status().get("phase").string().equals("Succeeded")
                                || pod.status().get("phase").string().equals("Failed")
                        ? 0L
                        : pod.spec().get("terminationGracePeriodSeconds").longOr(30))
                .defaultedBy(PodDefaults::applyToPod)
                .preparedBy(PodKind::prepare)
                .statusRuledBy(PodStatusRules::check)
                .ruledBy(PodUpdate::check)
                .fieldAt(
                        "spec.nodeName",
                        "spec.restartPolicy",
                        "spec.schedulerName",
                        "spec.serviceAccountName",
                        "status.phase",
                        "status.podIP",
                        "status.nominatedNodeName")
                .field(
                        "spec.hostNetwork",
                        pod -> String.valueOf(pod.spec().get("hostNetwork").bool()))
                .field(
                        "status.podIPs",
                        pod -> pod.status().get("podIPs").stream()
                                .map(ip -> ip.get("ip").string())
                                .collect(Collectors.joining(",")))
                .connect("attach", "PodAttachOptions", "", "", "create", "get")
                .connect("binding", "Binding", "", "", "create")
                .connect("eviction", "Eviction", "policy", "v1", "create")
                .connect("exec", "PodExecOptions", "", "", "create", "get")
                .connect("log", "Pod", "", "", "get")
                .connect("portforward", "PodPortForwardOptions", "", "", "create", "get")
                .connect("proxy", "PodProxyOptions", "", "", "create", "delete", "get", "patch", "update");
    }

    private static void prepare(Map<String, Object> pod, View old) {
        if (old.exists()) return;
        var spec = View.of(pod).spec();
        var status = Trees.map("phase", "Pending", "qosClass", Qos.of(spec));
        if (!spec.get("schedulingGates").list().isEmpty()) {
            status.put(
                    "conditions",
                    Trees.list(Trees.map(
                            "type", "PodScheduled",
                            "status", "False",
                            "reason", "SchedulingGated",
                            "message", "Scheduling is blocked due to non-empty scheduling gates")));
        }
        pod.put("status", status);
    }
}
