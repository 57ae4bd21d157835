package io.navarch.kinds.pod;

import io.navarch.kinds.support.Conditions;
import io.navarch.model.Binding;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.subresource.SubresourceHandler;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Gives a pod its node: once, and not while it is being deleted.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/binding-v1/
public final class PodBinding {
    private final InstantSource clock;

    public PodBinding(InstantSource clock) {
        this.clock = clock;
    }

    /// `pods/binding`: the pod is named by the path.
    public SubresourceHandler.Answer bind(SubresourceHandler.Request request, SubresourceHandler.Objects objects)
            throws InterruptedException {
        var binding = Binding.of(View.of(request.body()));
        var name = request.call().name();
        if (binding.target().name().isEmpty()) {
            throw ApiException.invalid("", "Binding", name, List.of(FieldError.required("target.name")));
        }
        return bind(request.call().namespace(), name, binding, objects);
    }

    /// `bindings`: the pod is named by the binding.
    public SubresourceHandler.Answer create(SubresourceHandler.Request request, SubresourceHandler.Objects objects)
            throws InterruptedException {
        var binding = Binding.of(View.of(request.body()));
        return bind(request.call().namespace(), binding.name(), binding, objects);
    }

    private SubresourceHandler.Answer bind(
            String namespace, String name, Binding binding, SubresourceHandler.Objects objects)
            throws InterruptedException {
        var draft = objects.edit(Resources.PODS, namespace, name);
        var pod = Pod.of(View.of(draft.object()));
        if (pod.deleting()) {
            throw conflict(
                    Resources.PODS.plural(), name, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        var node = pod.spec().nodeName();
        if (!node.isEmpty()) {
            throw conflict("pods/binding", name, "pod " + name + " is already assigned to node \"" + node + "\"");
        }
        var conditions = new ArrayList<>(Conditions.without(pod.status().conditions(), PodConditionType.POD_SCHEDULED));
        conditions.add(PodCondition.builder()
                .type(PodConditionType.POD_SCHEDULED)
                .status(ConditionStatus.TRUE)
                .lastTransitionTime(clock.instant())
                .build());
        Pod.edit(draft.object())
                .metadata(metadata -> binding.annotations().forEach(metadata::putAnnotations))
                .spec(spec -> spec.nodeName(binding.target().name()))
                .status(status -> status.conditions(conditions));
        draft.store();
        return SubresourceHandler.Answer.created();
    }

    private static ApiException conflict(String resource, String name, String why) {
        return ApiException.conflict(resource, "", name, why);
    }
}
