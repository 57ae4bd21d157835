package io.navarch.blackbox.operators;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;

/// What the [Keeper] looks after, in the version that is stored.
@Group("test.navarch.io")
@Version("v1")
public final class Widget extends CustomResource<Widget.Spec, Widget.Status> implements Namespaced {
    public record Spec(Integer width, Integer height, String color) {}

    public record Status(Long observedGeneration, Integer area, List<Condition> conditions) {}
}
