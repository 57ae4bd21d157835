package io.navarch.comparison.loops;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A step of a scenario.
sealed interface Step {
    /// An object that is applied.
    record Apply(View object) implements Step {}

    /// An object that is created.
    record Create(View object) implements Step {}

    /// A call to an object or its subresource.
    ///
    /// @param on `RESOURCE NAME [SUBRESOURCE]`; for a selector all that it names, the first only with `first`
    /// @param body a map, or a list for a JSON patch
    record Send(String method, String on, boolean first, View body) implements Step {}

    /// Waits for all of these.
    ///
    /// @param compare whether what there is then is compared
    record Until(List<Expectation> expectations, int seconds, boolean compare) implements Step {}

    /// Only time tells whether something does not happen.
    record Pause(int seconds) implements Step {}

    /// The node that is named stops telling that it lives.
    record Silence(String node) implements Step {}

    int PATIENCE_SECONDS = 30;

    /// The steps of a file, in which `$NS` stands for the namespace.
    static List<Step> all(String text, String namespace) {
        var steps = new ArrayList<Step>();
        for (var step : View.of(Yaml.parse(text.replace("$NS", namespace))).views()) add(steps, step);
        return steps;
    }

    private static void add(List<Step> steps, View step) {
        switch (step.map().keySet().iterator().next()) {
            case "apply" -> each(step.get("apply")).forEach(object -> steps.add(new Apply(object)));
            case "create" -> each(step.get("create")).forEach(object -> steps.add(new Create(object)));
            case "patch" -> steps.add(send("PATCH", step.get("patch"), step));
            case "delete" -> steps.add(send("DELETE", step.get("delete"), step));
            case "post" -> steps.add(send("POST", step.get("post"), step));
            case "until" -> steps.add(until(step.get("until"), step, true));
            case "wait" -> steps.add(until(step.get("wait"), step, false));
            case "pause" -> steps.add(new Pause(step.get("pause").intOr(1)));
            case "silence" -> steps.add(new Silence(step.get("silence").string()));
            default -> throw new IllegalArgumentException("no step: " + Json.writeString(step.value()));
        }
    }

    private static List<View> each(View value) {
        return value.value() instanceof Map ? List.of(value) : value.views();
    }

    private static Send send(String method, View on, View step) {
        return new Send(method, on.string(), step.get("first").bool(), step.get("body"));
    }

    private static Until until(View value, View step, boolean compare) {
        var texts = value.value() instanceof String text ? List.of(text) : value.strings();
        return new Until(
                texts.stream().map(Expectation::of).toList(),
                step.get("seconds").intOr(PATIENCE_SECONDS),
                compare);
    }
}
