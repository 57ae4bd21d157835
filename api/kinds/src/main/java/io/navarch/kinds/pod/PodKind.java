package io.navarch.kinds.pod;

import io.navarch.kinds.types.Types;
import io.navarch.objects.Trees;
import io.navarch.schema.KindDefinition;

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
                .gracefulDeletion(pod -> pod.spec().get("nodeName").string().isEmpty()
                                || pod.status().get("phase").string().equals("Succeeded")
                                || pod.status().get("phase").string().equals("Failed")
                        ? 0L
                        : pod.spec().get("terminationGracePeriodSeconds").longOr(30))
                .defaultedBy(PodDefaults::applyToPod)
                .preparedBy((pod, old) -> {
                    if (old.exists()) return;
                    pod.put(
                            "status",
                            Trees.map(
                                    "phase",
                                    "Pending",
                                    "qosClass",
                                    Qos.of(io.navarch.objects.View.of(pod).spec())));
                })
                .ruledBy(PodRules::check)
                .field("spec.nodeName", pod -> pod.spec().get("nodeName").string())
                .field(
                        "spec.restartPolicy",
                        pod -> pod.spec().get("restartPolicy").string())
                .field(
                        "spec.schedulerName",
                        pod -> pod.spec().get("schedulerName").string())
                .field(
                        "spec.serviceAccountName",
                        pod -> pod.spec().get("serviceAccountName").string())
                .field(
                        "spec.hostNetwork",
                        pod -> String.valueOf(pod.spec().get("hostNetwork").bool()))
                .field("status.phase", pod -> pod.status().get("phase").string())
                .field("status.podIP", pod -> pod.status().get("podIP").string())
                .field(
                        "status.nominatedNodeName",
                        pod -> pod.status().get("nominatedNodeName").string())
                .connect("attach", "PodAttachOptions", "", "", "create", "get")
                .connect("binding", "Binding", "", "", "create")
                .connect("eviction", "Eviction", "policy", "v1", "create")
                .connect("exec", "PodExecOptions", "", "", "create", "get")
                .connect("log", "Pod", "", "", "get")
                .connect("portforward", "PodPortForwardOptions", "", "", "create", "get")
                .connect("proxy", "PodProxyOptions", "", "", "create", "delete", "get", "patch", "update");
    }
}
