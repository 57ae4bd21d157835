package io.navarch.reconcile;

import io.navarch.objects.Lens;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The status that an object gets when a creation is refused: one of its conditions says so, with `%s` in its message
/// where the error goes.
///
/// @param object as it is now
/// @param status as it will be
/// @param condition the type of that condition
public record Refusal(ResourceType<?> type, View object, Map<String, Object> status, String condition) {
    public Refusal(ResourceType<?> type, Lens object, Lens status, String condition) {
        this(type, object.view(), status.view().map(), condition);
    }

    /// The update to write; none when the object says the same already. A condition that says the same keeps its times.
    Optional<Action.Update> update(String error) {
        var filled = Trees.copy(status);
        var conditions = Trees.childList(filled, "conditions");
        for (int i = 0; i < conditions.size(); i++) {
            var made = View.of(conditions.get(i));
            if (!made.get("type").string().equals(condition)) continue;
            var text = made.get("message").string().replace("%s", error);
            var old = object.status().get("conditions").find("type", condition);
            boolean same = text.equals(old.get("message").string())
                    && List.of("status", "reason").stream()
                            .allMatch(field -> made.get(field).equals(old.get(field)));
            if (same) conditions.set(i, old.value());
            else made.map().put("message", text);
        }
        if (Trees.semanticEquals(filled, object.status().map())) return Optional.empty();
        return Optional.of(Action.Update.status(type, object, filled));
    }
}
