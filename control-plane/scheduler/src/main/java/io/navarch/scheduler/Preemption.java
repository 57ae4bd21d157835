package io.navarch.scheduler;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.model.PreemptionPolicy;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Which pods have to go so that one of a higher priority fits, as a pure function of what is there.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
///
/// @param pods what is known of a pod, absent when it has gone
/// @param now when pods start that have not yet
record Preemption(
        SchedulingCycle cycle,
        ClusterState state,
        Function<ObjectKey, Pod> pods,
        Collection<PodDisruptionBudget> budgets,
        Instant now) {
    /// The reason of the condition `DisruptionTarget` of pods that had to go.
    static final String REASON = "PreemptionByScheduler";

    private static final String NOT_HELPFUL = "Preemption is not helpful for scheduling";
    private static final String NO_VICTIMS = "No preemption victims found for incoming pod";

    /// So many candidates are compared, or a tenth of the nodes where that is more.
    private static final int CANDIDATES = 100;

    sealed interface Answer {
        /// The node for which the pod waits from now on, `""` when it is none.
        String nominated(Pod pod);

        /// What the event and the condition of the pod say of it, after why no node can take the pod.
        String text();

        /// @param pods the more important ones first
        /// @param violations how many of them a disruption budget would keep
        record Victims(String node, List<Pod> pods, int violations) implements Answer {
            @Override
            public String nominated(Pod pod) {
                return node;
            }

            @Override
            public String text() {
                return "";
            }
        }

        /// @param waits whether the pod waits on for the node that was found before
        record None(String text, boolean waits) implements Answer {
            static final None NOT_ASKED = new None("", true);

            /// The original says first what became of claims for devices.
            private static None because(String why, boolean waits) {
                return new None(" no new claims to deallocate, preemption: " + why, waits);
            }

            @Override
            public String nominated(Pod pod) {
                return waits ? pod.status().nominatedNodeName() : "";
            }
        }
    }

    private sealed interface Trial {
        record Fits(Answer.Victims victims) implements Trial {}

        record Fails(List<String> reasons) implements Trial {}
    }

    /// @param failed why no node can take the pod as they are
    Answer answer(PodInfo preemptor, SchedulingCycle.Outcome failed) {
        var pod = preemptor.pod();
        if (failed.nodes() == 0) return Answer.None.NOT_ASKED;
        // In the original's words: the search for claims for devices to give back finds nothing that was prepared for
        // it.
        if (!failed.refusal().isEmpty()) return new Answer.None(" not found", true);
        if (pod.spec().preemptionPolicy() == PreemptionPolicy.NEVER)
            return Answer.None.because("not eligible due to preemptionPolicy=Never.", true);
        if (waitsForVictims(preemptor, failed))
            return Answer.None.because("not eligible due to a terminating pod on the nominated node.", true);
        var reasons = new TreeMap<String, Integer>();
        var possible = new ArrayList<NodeState>();
        for (var node : state.nodes()) {
            if (lasting(node.name(), failed)) reasons.merge(NOT_HELPFUL, 1, Integer::sum);
            else possible.add(node);
        }
        var candidates = new ArrayList<Answer.Victims>();
        int enough = Math.max(CANDIDATES, possible.size() / 10);
        int offset = possible.size() > enough ? cycle.anyOf(possible.size()) : 0;
        boolean unbroken = false;
        for (int i = 0; i < possible.size() && !(unbroken && candidates.size() >= enough); i++) {
            switch (attempt(preemptor, possible.get((offset + i) % possible.size()))) {
                case Trial.Fits(var victims) -> {
                    candidates.add(victims);
                    unbroken |= victims.violations == 0;
                }
                case Trial.Fails(var why) -> why.forEach(reason -> reasons.merge(reason, 1, Integer::sum));
            }
        }
        return candidates.stream()
                .min(preference())
                .<Answer>map(best -> best)
                .orElseGet(() -> Answer.None.because(SchedulingCycle.unavailable(failed.nodes(), reasons), false));
    }

    private static boolean lasting(String node, SchedulingCycle.Outcome failed) {
        return failed.rejections().getOrDefault(node, List.of()).stream().anyMatch(Rejection::lasting);
    }

    /// Those that had to go for it before are still ending.
    private boolean waitsForVictims(PodInfo preemptor, SchedulingCycle.Outcome failed) {
        var nominated = preemptor.pod().status().nominatedNodeName();
        if (nominated.isEmpty() || lasting(nominated, failed)) return false;
        return state.nodes().stream()
                .filter(node -> node.name().equals(nominated))
                .flatMap(node -> node.below(preemptor.priority()).stream())
                .map(pods)
                .anyMatch(Preemption::preempted);
    }

    private static boolean preempted(Pod pod) {
        var condition = Pods.condition(pod, PodConditionType.DISRUPTION_TARGET);
        return pod.deleting()
                && condition.status() == ConditionStatus.TRUE
                && condition.reason().equals(REASON);
    }

    /// Takes all away that may go, and then lets stay whoever can, the most important first.
    private Trial attempt(PodInfo preemptor, NodeState node) {
        var below = state.anyBelow(preemptor.priority()) ? node.below(preemptor.priority()) : List.<ObjectKey>of();
        var known = below.stream().map(pods).filter(Pod::exists).toList();
        if (known.isEmpty()) return new Trial.Fails(List.of(NO_VICTIMS));
        var rest = node.copy();
        known.forEach(pod -> rest.remove(pod.key()));
        var why = rejections(preemptor, rest);
        if (!why.isEmpty())
            return new Trial.Fails(why.stream().map(Rejection::text).toList());
        var ordered = known.stream().sorted(importance()).toList();
        var violating = violating(ordered);
        var victims = new ArrayList<Pod>();
        int violations = 0;
        for (var pod : violating) if (!stays(preemptor, pod, node, rest, victims)) violations++;
        for (var pod : ordered) if (!violating.contains(pod)) stays(preemptor, pod, node, rest, victims);
        if (victims.isEmpty()) return new Trial.Fails(List.of());
        victims.sort(importance());
        return new Trial.Fits(new Answer.Victims(node.name(), victims, violations));
    }

    private boolean stays(PodInfo preemptor, Pod pod, NodeState node, NodeState rest, List<Pod> victims) {
        rest.add(pod.key(), node.pods().getOrDefault(pod.key(), Taken.NOTHING));
        if (rejections(preemptor, rest).isEmpty()) return true;
        rest.remove(pod.key());
        victims.add(pod);
        return false;
    }

    private List<Rejection> rejections(PodInfo preemptor, NodeState node) {
        return cycle.reject(preemptor, state.nominations().with(node, preemptor));
    }

    /// Those whose leaving a budget does not allow, when those before them have left.
    private List<Pod> violating(List<Pod> ordered) {
        var left = new HashMap<ObjectKey, Integer>();
        return ordered.stream().filter(pod -> violates(pod, left)).toList();
    }

    private boolean violates(Pod pod, Map<ObjectKey, Integer> left) {
        if (pod.labels().isEmpty()) return false;
        boolean violates = false;
        for (var budget : budgets) {
            if (!budget.namespace().equals(pod.namespace())) continue;
            var selector = LabelSelector.ofObject(budget.spec().selector());
            if (selector.isEmpty() || !selector.matches(pod.labels())) continue;
            // It has been counted already.
            if (budget.status().disruptedPods().containsKey(pod.name())) continue;
            violates |= left.merge(budget.key(), budget.status().disruptionsAllowed() - 1, (now, first) -> now - 1) < 0;
        }
        return violates;
    }

    private Instant start(Pod pod) {
        return pod.status().startTime().orElse(now);
    }

    private Comparator<Pod> importance() {
        return Comparator.<Pod>comparingInt(pod -> -pod.spec().priority()).thenComparing(this::start);
    }

    private Comparator<Answer.Victims> preference() {
        return Comparator.comparingInt(Answer.Victims::violations)
                .thenComparingInt(victims -> victims.pods.getFirst().spec().priority())
                .thenComparingLong(Preemption::sum)
                .thenComparingInt(victims -> victims.pods.size())
                .thenComparing(this::earliest, Comparator.reverseOrder());
    }

    /// The priorities together, none below zero, so that more victims count more.
    private static long sum(Answer.Victims victims) {
        return victims.pods.stream()
                .mapToLong(pod -> pod.spec().priority() + (long) Integer.MAX_VALUE + 1)
                .sum();
    }

    /// When the first of the most important ones started.
    private Instant earliest(Answer.Victims victims) {
        return start(victims.pods.getFirst());
    }
}
