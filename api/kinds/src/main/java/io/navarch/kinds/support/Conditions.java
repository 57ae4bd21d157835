package io.navarch.kinds.support;

import io.navarch.model.Condition;
import io.navarch.model.ConditionStatus;
import io.navarch.model.StatusCondition;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Conditions of whatever kind. The transition time of a condition changes only when its status does.
///
/// Source: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md
public final class Conditions {
    private Conditions() {}

    /// A condition whose status changed just now.
    ///
    /// @param as the kind's own type of condition, such as `PodCondition::of`
    public static <T extends StatusCondition> T of(
            Function<View, T> as, String type, ConditionStatus status, String reason, String message, Instant now) {
        var condition = Condition.builder().type(type).status(status).lastTransitionTime(now);
        return as.apply(condition.reason(reason).message(message).build().view());
    }

    /// A condition that keeps the transition time of the one before when its status is the same.
    public static <T extends StatusCondition> T of(
            List<T> before,
            Function<View, T> as,
            String type,
            ConditionStatus status,
            String reason,
            String message,
            Instant now) {
        var since = StatusCondition.find(before, type)
                .filter(old -> old.status() == status)
                .flatMap(StatusCondition::lastTransitionTime);
        return of(as, type, status, reason, message, since.orElse(now));
    }

    /// The conditions with this one in the place of the one of its type, or at the end.
    public static <T extends StatusCondition> List<T> with(List<T> conditions, T condition) {
        var result = new ArrayList<T>(conditions.size() + 1);
        boolean placed = false;
        for (var each : conditions) {
            if (!each.type().equals(condition.type())) result.add(each);
            else if (!placed) placed = result.add(condition);
        }
        if (!placed) result.add(condition);
        return result;
    }

    public static <T extends StatusCondition> List<T> without(List<T> conditions, String type) {
        return conditions.stream().filter(each -> !each.type().equals(type)).toList();
    }
}
