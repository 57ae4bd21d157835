package io.navarch.blackbox.operators;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/// What the [Greeter] looks after.
@Group("test.navarch.io")
@Version("v1")
public final class Greeting extends CustomResource<Greeting.Spec, Greeting.Status> implements Namespaced {
    public record Spec(String text) {}

    public record Status(String said) {}
}
