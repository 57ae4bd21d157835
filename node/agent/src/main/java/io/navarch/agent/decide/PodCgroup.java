package io.navarch.agent.decide;

import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.PodQosClass;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.Quantity;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Control groups of pods and of their classes: what they are called, and what they may take.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
public final class PodCgroup {
    private static final String POD = "pod";

    private PodCgroup() {}

    /// Where all pods are.
    ///
    /// @param root of the node, `""` for the machine's own
    public static String ofPods(String root) {
        return root + "/kubepods";
    }

    /// Where pods of a class are; guaranteed ones are with all.
    public static String ofClass(String root, PodQosClass qos) {
        var all = ofPods(root);
        return switch (qos) {
            case GUARANTEED -> all;
            case BURSTABLE -> all + "/burstable";
            default -> all + "/besteffort";
        };
    }

    public static String of(String root, Pod pod) {
        return ofClass(root, pod.status().qosClass()) + "/" + POD + pod.uid();
    }

    /// The uid of the pod whose group has this last part of a name.
    public static Optional<String> uid(String lastPart) {
        return lastPart.startsWith(POD) && lastPart.length() > POD.length()
                ? Optional.of(lastPart.substring(POD.length()))
                : Optional.empty();
    }

    /// The limits of a pod of which some container has processors for itself: that is limit enough.
    ///
    /// @param mostPids in one pod, 0 for as many as there are
    public static CgroupLimits limitsOfOwnCpus(Pod pod, long mostPids) {
        return limits(pod, mostPids).withQuota(0);
    }

    /// @param mostPids in one pod, 0 for as many as there are
    public static CgroupLimits limits(Pod pod, long mostPids) {
        var spec = pod.spec();
        var requests = PodResources.requests(spec);
        var limits = PodResources.limits(spec);
        var shares = CgroupLimits.shares(milli(requests, ResourceNames.CPU));
        var result = CgroupLimits.NONE.withHugePages(hugePages(requests));
        result = switch (pod.status().qosClass()) {
            case GUARANTEED ->
                result.withShares(shares)
                        .withQuota(CgroupLimits.quota(milli(limits, ResourceNames.CPU)))
                        .withMemory(units(limits, ResourceNames.MEMORY));
            case BURSTABLE -> {
                var burstable = result.withShares(shares);
                // What one container may take without limit, the pod may.
                if (limited(pod, ResourceNames.CPU))
                    burstable = burstable.withQuota(CgroupLimits.quota(milli(limits, ResourceNames.CPU)));
                yield limited(pod, ResourceNames.MEMORY)
                        ? burstable.withMemory(units(limits, ResourceNames.MEMORY))
                        : burstable;
            }
            default -> result.withShares(CgroupLimits.LEAST_SHARES);
        };
        return mostPids > 0 ? result.withPids(mostPids) : result;
    }

    static boolean limited(Pod pod, String resource) {
        if (positive(pod.spec().resources(), resource)) return true;
        return Pods.containers(pod.spec()).stream().allMatch(spec -> positive(spec.resources(), resource));
    }

    private static boolean positive(ResourceRequirements resources, String name) {
        return resources.limits().getOrDefault(name, Quantity.ZERO).compareTo(Quantity.ZERO) > 0;
    }

    /// What all burstable pods together weigh against the others.
    public static CgroupLimits ofBurstable(Collection<Pod> pods) {
        long milli = pods.stream()
                .filter(pod -> pod.status().qosClass() == PodQosClass.BURSTABLE)
                .mapToLong(pod -> milli(PodResources.requests(pod.spec()), ResourceNames.CPU))
                .sum();
        return CgroupLimits.NONE.withShares(CgroupLimits.shares(milli));
    }

    public static CgroupLimits ofBestEffort() {
        return CgroupLimits.NONE.withShares(CgroupLimits.LEAST_SHARES);
    }

    /// What a group may take that is given so much.
    ///
    /// @param pids 0 for as many as there are
    public static CgroupLimits ofAll(Map<String, Quantity> amounts, long pids) {
        var result = CgroupLimits.NONE.withHugePages(hugePages(amounts));
        if (amounts.containsKey(ResourceNames.MEMORY)) result = result.withMemory(units(amounts, ResourceNames.MEMORY));
        if (amounts.containsKey(ResourceNames.CPU))
            result = result.withShares(CgroupLimits.shares(milli(amounts, ResourceNames.CPU)));
        return pids > 0 ? result.withPids(pids) : result;
    }

    /// Bytes by the size of a page.
    static Map<Long, Long> hugePages(Map<String, Quantity> amounts) {
        var pages = new HashMap<Long, Long>();
        amounts.forEach((name, amount) -> {
            if (!name.startsWith(ResourceNames.HUGE_PAGES)) return;
            Quantity.find(name.substring(ResourceNames.HUGE_PAGES.length()))
                    .ifPresent(size -> pages.merge(size.units(), amount.units(), Long::sum));
        });
        return Map.copyOf(pages);
    }

    /// A container's own limit, or the pod's as a whole.
    static Quantity limit(Pod pod, Container spec, String resource) {
        return Stream.of(spec.resources(), pod.spec().resources())
                .map(resources -> resources.limits().getOrDefault(resource, Quantity.ZERO))
                .filter(amount -> amount.compareTo(Quantity.ZERO) > 0)
                .findFirst()
                .orElse(Quantity.ZERO);
    }

    /// All that hold resources as long as the pod runs.
    static List<Container> lasting(Pod pod) {
        return Stream.concat(
                        pod.spec().containers().stream(),
                        pod.spec().initContainers().stream().filter(Pods::sidecar))
                .toList();
    }

    private static long milli(Map<String, Quantity> amounts, String name) {
        return amounts.getOrDefault(name, Quantity.ZERO).milli();
    }

    private static long units(Map<String, Quantity> amounts, String name) {
        return amounts.getOrDefault(name, Quantity.ZERO).units();
    }
}
