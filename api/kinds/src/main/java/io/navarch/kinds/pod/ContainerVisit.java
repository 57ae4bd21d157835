package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.PodSpec;
import java.util.List;
import java.util.function.BiConsumer;

/// Visits all containers of a pod, whatever they are for.
final class ContainerVisit {
    private ContainerVisit() {}

    /// Containers of a kind after the other, in the order in which the original visits them.
    static void each(PodSpec spec, String path, BiConsumer<Container, String> visitor) {
        for (var field : List.of(PodSpec.INIT_CONTAINERS, PodSpec.CONTAINERS, PodSpec.EPHEMERAL_CONTAINERS)) {
            var containers = spec.raw(field).stream().map(Container::of).toList();
            Check.each(containers, path + "." + field, visitor);
        }
    }
}
