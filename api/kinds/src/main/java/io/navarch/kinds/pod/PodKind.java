package io.navarch.kinds.pod;

import io.navarch.kinds.types.Types;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodIP;
import io.navarch.model.PodPhase;
import io.navarch.model.PodSpec;
import io.navarch.model.PodStatus;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Pod, with the subresources that reach into its containers.
public final class PodKind {
    private PodKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.PODS)
                .showsDeleted()
                .version(types.get("V1Pod"), PodPrinter::columns)
                .shortNames("po")
                .categories("all")
                .withStatus()
                .resetting("status", "spec", "metadata.deletionTimestamp", "metadata.ownerReferences")
                .withGeneration()
                .withPart("ephemeralcontainers", PodParts::mergeEphemeral, PodParts::checkEphemeral)
                .withPart("resize", PodParts::mergeResize, PodParts::checkResize)
                .gracefulDeletion(pod -> Pods.assigned(pod) && !Pods.ended(pod)
                        ? OptionalLong.of(pod.spec().terminationGracePeriodSecondsOr(30))
                        : OptionalLong.empty())
                .defaultedBy(Pod::edit, PodDefaults::apply)
                .preparedBy(Pod::edit, PodKind::prepare)
                .statusPreparedBy(
                        Pod::edit, (pod, old) -> pod.status(status -> PodDefaults.status(status, old.status())))
                .statusRuledBy(PodStatusRules::check)
                .ruledBy(PodUpdate::check)
                .warning(PodWarnings::ofPod)
                .field("spec.nodeName", pod -> pod.spec().nodeName())
                .field(
                        "spec.restartPolicy",
                        pod -> pod.spec().raw(PodSpec.RESTART_POLICY).text())
                .field("spec.schedulerName", pod -> pod.spec().schedulerName())
                .field("spec.serviceAccountName", pod -> pod.spec().serviceAccountName())
                .field("status.phase", pod -> pod.status().raw(PodStatus.PHASE).text())
                .field("status.podIP", pod -> pod.status().podIP())
                .field("status.nominatedNodeName", pod -> pod.status().nominatedNodeName())
                .field("spec.hostNetwork", pod -> String.valueOf(pod.spec().hostNetwork()))
                .field(
                        "status.podIPs",
                        pod -> pod.status().podIPs().stream().map(PodIP::ip).collect(Collectors.joining(",")))
                .connect("attach", "PodAttachOptions", "", "", "create", "get")
                .connect("binding", "Binding", "", "", "create")
                .connect("eviction", "Eviction", "policy", "v1", "create")
                .connect("exec", "PodExecOptions", "", "", "create", "get")
                .connect("log", "Pod", "", "", "get")
                .connect("portforward", "PodPortForwardOptions", "", "", "create", "get")
                .connect("proxy", "PodProxyOptions", "", "", "create", "delete", "get", "patch", "update")
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static void prepare(Pod.Builder pod, Pod old) {
        pod.spec(PodDefaults::withhold);
        if (old.exists()) return;
        SelectorKeys.apply(pod);
        var spec = pod.build().spec();
        var status = PodStatus.builder().phase(PodPhase.PENDING).qosClass(Qos.of(spec));
        if (!spec.schedulingGates().isEmpty())
            status.addConditions(condition -> condition
                    .type(PodConditionType.POD_SCHEDULED)
                    .status(ConditionStatus.FALSE)
                    .reason(Pods.SCHEDULING_GATED)
                    .lastTransitionTime(
                            pod.build().metadata().creationTimestamp().orElse(Instant.EPOCH))
                    .message("Scheduling is blocked due to non-empty scheduling gates"));
        pod.status(status.build());
    }
}
