package io.navarch.agent.decide;

import io.navarch.agent.decide.NodeFit.Lack;
import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.model.Pod;
import io.navarch.model.PodQosClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which pods go so that one comes that is there for the system itself: of the lowest class as many as suffice, and of
/// these first those that leave most of what is missing, and no more than that.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/
///
/// @param rejection why there are none, empty when they are enough
public record Preemption(List<Pod> victims, Optional<Rejection> rejection) {
    /// @param others that have not ended
    public static Preemption of(Pod critical, List<Lack> lacks, Collection<Pod> others) {
        var weaker =
                others.stream().filter(other -> preemptable(critical, other)).toList();
        var bestEffort = ofClass(weaker, PodQosClass.BEST_EFFORT);
        var burstable = ofClass(weaker, PodQosClass.BURSTABLE);
        var guaranteed = ofClass(weaker, PodQosClass.GUARANTEED);
        var never = after(lacks, weaker);
        if (!never.isEmpty()) return new Preemption(List.of(), Optional.of(impossible(never)));
        // Of each class only what all of the lower ones together do not leave.
        var first = chosen(guaranteed, after(lacks, both(bestEffort, burstable)));
        var second = chosen(burstable, after(lacks, both(bestEffort, first)));
        var third = chosen(bestEffort, after(lacks, both(second, first)));
        return new Preemption(both(both(third, second), first), Optional.empty());
    }

    private static Rejection impossible(List<Lack> lacks) {
        var missing = lacks.stream()
                .map(lack -> "(res: " + lack.resource() + ", q: " + lack.amount() + "), ")
                .collect(Collectors.joining("", "[", "]"));
        return new Rejection(
                "UnexpectedAdmissionError",
                "Unexpected error while attempting to recover from admission failure: preemption: error finding a set"
                        + " of pods to preempt: no set of running pods found to reclaim resources: " + missing);
    }

    private static boolean preemptable(Pod critical, Pod other) {
        return !critical.uid().equals(other.uid())
                && (!PodAdmission.critical(other)
                        || critical.spec().hasPriority()
                                && other.spec().hasPriority()
                                && critical.spec().priority() > other.spec().priority());
    }

    private static List<Pod> ofClass(List<Pod> pods, PodQosClass qos) {
        return pods.stream().filter(pod -> pod.status().qosClass() == qos).toList();
    }

    private static List<Pod> both(List<Pod> some, List<Pod> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /// What is still missing once these have gone.
    private static List<Lack> after(List<Lack> lacks, List<Pod> gone) {
        var still = new ArrayList<Lack>();
        for (var lack : lacks) {
            long missing = lack.amount();
            for (var pod : gone) if (missing > 0) missing -= NodeFit.left(pod, lack.resource());
            if (missing > 0) still.add(new Lack(lack.resource(), missing, lack.rejection()));
        }
        return still;
    }

    /// @param pods that leave enough when all of them go
    private static List<Pod> chosen(List<Pod> pods, List<Lack> lacks) {
        var rest = new ArrayList<>(pods);
        var chosen = new ArrayList<Pod>();
        var missing = lacks;
        while (!missing.isEmpty() && !rest.isEmpty()) {
            var best = rest.getFirst();
            for (var pod : rest) if (better(pod, best, missing)) best = pod;
            rest.remove(best);
            chosen.add(best);
            missing = after(missing, List.of(best));
        }
        return chosen;
    }

    private static boolean better(Pod pod, Pod best, List<Lack> missing) {
        double mine = distance(pod, missing);
        double least = distance(best, missing);
        return mine < least || mine == least && smaller(pod, best);
    }

    /// How far a pod is from leaving all that is missing.
    private static double distance(Pod pod, List<Lack> missing) {
        double sum = 0;
        for (var lack : missing) {
            double rest = lack.amount() - NodeFit.left(pod, lack.resource());
            if (rest > 0) sum += Math.pow(rest / lack.amount(), 2);
        }
        return sum;
    }

    private static boolean smaller(Pod pod, Pod other) {
        long memory = NodeFit.left(pod, "memory") - NodeFit.left(other, "memory");
        return memory == 0 ? NodeFit.left(pod, "cpu") < NodeFit.left(other, "cpu") : memory < 0;
    }
}
