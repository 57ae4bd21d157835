package io.navarch.agent.decide;

import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.Json;
import io.navarch.objects.Quantity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What events tell of a change of what containers have.
public final class ResizeText {
    private ResizeText() {}

    /// @param error `""` for none
    public static String of(String what, Pod pod, long generation, String error) {
        var summary = new LinkedHashMap<String, Object>();
        var init = containers(pod.spec().initContainers());
        if (!init.isEmpty()) summary.put("initContainers", init);
        summary.put("containers", containers(pod.spec().containers()));
        summary.put("generation", generation);
        if (!error.isEmpty()) summary.put("error", error);
        return what + ": " + Json.writeString(summary);
    }

    private static List<Object> containers(List<Container> specs) {
        return specs.stream().map(ResizeText::container).toList();
    }

    private static Object container(Container spec) {
        var resources = ResourceRequirements.builder();
        if (spec.resources().hasLimits())
            resources.limits(sorted(spec.resources().limits()));
        if (spec.resources().hasRequests())
            resources.requests(sorted(spec.resources().requests()));
        return Container.builder()
                .name(spec.name())
                .resources(resources.build())
                .map();
    }

    private static Map<String, Quantity> sorted(Map<String, Quantity> amounts) {
        return new TreeMap<>(amounts);
    }
}
