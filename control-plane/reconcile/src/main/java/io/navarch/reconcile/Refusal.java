package io.navarch.reconcile;

import io.navarch.model.Condition;
import io.navarch.model.StatusCondition;
import io.navarch.objects.Lens;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Map;
import java.util.Optional;

/// The status that an object gets when a creation is refused: one of its conditions says so, with `%s` in its message
/// where the error goes.
///
/// @param object as it is now
/// @param status as it will be
/// @param condition the type of that condition
public record Refusal(ResourceType<?> type, View object, Map<String, Object> status, String condition) {
    private static final String CONDITIONS = "conditions";

    public Refusal(ResourceType<?> type, Lens object, Lens status, String condition) {
        this(type, View.over(object), View.over(status).map(), condition);
    }

    /// The status to write; empty when the object has it already. A condition that says the same keeps its times.
    Optional<Map<String, Object>> status(String error) {
        var known = object.status().get(CONDITIONS).stream().map(Condition::of).toList();
        var old = StatusCondition.find(known, condition).orElse(Condition.ABSENT);
        var filled = Trees.copy(status);
        Trees.childList(filled, CONDITIONS).replaceAll(each -> {
            var made = Condition.of(View.of(each));
            return made.type().equals(condition) ? filled(made, old, error).map() : each;
        });
        return Trees.semanticEquals(filled, object.status().map()) ? Optional.empty() : Optional.of(filled);
    }

    private static View filled(Condition made, Condition old, String error) {
        var text = made.message().replace("%s", error);
        boolean same = text.equals(old.message())
                && made.status() == old.status()
                && made.reason().equals(old.reason());
        return same ? old.view() : made.toBuilder().message(text).build().view();
    }
}
