package io.navarch.kinds.pod;

import io.navarch.model.LabelSelector;
import io.navarch.model.LabelSelectorOperator;
import io.navarch.model.Pod;
import io.navarch.model.PodAffinityTerm;
import io.navarch.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;

/// Writes what `matchLabelKeys` and `mismatchLabelKeys` mean for a new pod into the selectors beside them: its own
/// values of these labels.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#matchlabelkeys
final class SelectorKeys {
    private final Map<String, String> labels;

    private SelectorKeys(Map<String, String> labels) {
        this.labels = labels;
    }

    static void apply(Pod.Builder pod) {
        var keys = new SelectorKeys(pod.build().labels());
        pod.spec(spec -> {
            spec.editTopologySpreadConstraints(keys::spread);
            if (!spec.build().hasAffinity()) return;
            spec.affinity(affinity -> {
                if (affinity.build().hasPodAffinity())
                    affinity.podAffinity(near -> near.editRequiredDuringSchedulingIgnoredDuringExecution(keys::term)
                            .editPreferredDuringSchedulingIgnoredDuringExecution(
                                    weighted -> weighted.podAffinityTerm(keys::term)));
                if (affinity.build().hasPodAntiAffinity())
                    affinity.podAntiAffinity(far -> far.editRequiredDuringSchedulingIgnoredDuringExecution(keys::term)
                            .editPreferredDuringSchedulingIgnoredDuringExecution(
                                    weighted -> weighted.podAffinityTerm(keys::term)));
            });
        });
    }

    private void spread(TopologySpreadConstraint.Builder constraint) {
        var given = constraint.build();
        if (!given.hasLabelSelector() || given.matchLabelKeys().isEmpty()) return;
        constraint.labelSelector(selector -> add(selector, given.matchLabelKeys(), LabelSelectorOperator.IN));
    }

    private void term(PodAffinityTerm.Builder term) {
        var given = term.build();
        if (!given.hasLabelSelector()) return;
        if (given.matchLabelKeys().isEmpty() && given.mismatchLabelKeys().isEmpty()) return;
        term.labelSelector(selector -> {
            add(selector, given.matchLabelKeys(), LabelSelectorOperator.IN);
            add(selector, given.mismatchLabelKeys(), LabelSelectorOperator.NOT_IN);
        });
    }

    private void add(LabelSelector.Builder selector, List<String> keys, LabelSelectorOperator operator) {
        for (var key : keys) {
            var value = labels.get(key);
            if (value == null) continue;
            selector.addMatchExpressions(
                    requirement -> requirement.key(key).operator(operator).values(List.of(value)));
        }
    }
}
