package io.navarch.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the conditions of all kinds share.
///
/// Source: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md
public interface StatusCondition {
    String type();

    ConditionStatus status();

    String reason();

    String message();

    Optional<Instant> lastTransitionTime();

    /// The status of the condition of this type, `UNSET` when there is none.
    static ConditionStatus status(List<? extends StatusCondition> conditions, String type) {
        for (var condition : conditions) if (condition.type().equals(type)) return condition.status();
        return ConditionStatus.UNSET;
    }

    static boolean isTrue(List<? extends StatusCondition> conditions, String type) {
        return status(conditions, type) == ConditionStatus.TRUE;
    }

    static <T extends StatusCondition> Optional<T> find(List<T> conditions, String type) {
        for (var condition : conditions) if (condition.type().equals(type)) return Optional.of(condition);
        return Optional.empty();
    }
}
