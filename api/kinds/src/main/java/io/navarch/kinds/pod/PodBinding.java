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
import io.navarch.objects.FieldErrors;
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
        if (!binding.name().equals(request.call().name()))
            throw ApiException.badRequest("name in URL does not match name in Binding object");
        return bind(request.call().namespace(), binding, objects);
    }

    /// `bindings`: the pod is named by the binding.
    public SubresourceHandler.Answer create(SubresourceHandler.Request request, SubresourceHandler.Objects objects)
            throws InterruptedException {
        return bind(request.call().namespace(), Binding.of(View.of(request.body())), objects);
    }

    private static void check(Binding binding) {
        var wrong = new FieldErrors();
        var target = binding.target();
        if (!List.of("", Resources.NODES.kind()).contains(target.kind()))
            wrong.add(FieldError.notSupported("target.kind", target.kind(), List.of("Node", "<empty>")));
        if (target.name().isEmpty()) wrong.add(FieldError.required("target.name"));
        if (wrong.isEmpty()) return;
        var all = wrong.stream().map(FieldError::toString).toList();
        // The original tells these as they are, without the form of other invalid objects.
        throw new ApiException(
                ApiException.Reason.UNKNOWN, all.size() == 1 ? all.getFirst() : "[" + String.join(", ", all) + "]");
    }

    /// Whoever names an identity or a version means no other.
    private static void meant(Binding binding, Pod pod) {
        var uid = binding.uid();
        if (!uid.isEmpty() && !uid.equals(pod.uid()))
            throw precondition(pod, "UID in precondition: " + uid + ", UID in object meta: " + pod.uid());
        var version = binding.metadata().resourceVersion();
        if (!version.isEmpty() && !version.equals(pod.resourceVersion()))
            throw precondition(
                    pod,
                    "ResourceVersion in precondition: " + version + ", ResourceVersion in object meta: "
                            + pod.resourceVersion());
    }

    private static ApiException precondition(Pod pod, String why) {
        return conflict(
                Resources.PODS.plural(),
                pod.name(),
                "StorageError: invalid object, Code: 4, Key: /registry/pods/" + pod.namespace() + "/" + pod.name()
                        + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: " + why);
    }

    private SubresourceHandler.Answer bind(String namespace, Binding binding, SubresourceHandler.Objects objects)
            throws InterruptedException {
        check(binding);
        var name = binding.name();
        var draft = objects.edit(Resources.PODS, namespace, name);
        var pod = Pod.of(View.of(draft.object()));
        meant(binding, pod);
        if (pod.deleting()) {
            throw conflict("pods/binding", name, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        var node = pod.spec().nodeName();
        if (!node.isEmpty()) {
            throw conflict("pods/binding", name, "pod " + name + " is already assigned to node \"" + node + "\"");
        }
        if (!pod.spec().schedulingGates().isEmpty())
            throw conflict("pods/binding", name, "pod " + name + " has non-empty .spec.schedulingGates");
        var conditions = new ArrayList<>(Conditions.without(pod.status().conditions(), PodConditionType.POD_SCHEDULED));
        conditions.add(PodCondition.builder()
                .type(PodConditionType.POD_SCHEDULED)
                .status(ConditionStatus.TRUE)
                .lastTransitionTime(clock.instant())
                .build());
        Pod.edit(draft.object())
                .metadata(metadata -> {
                    binding.annotations().forEach(metadata::putAnnotations);
                    binding.labels().forEach(metadata::putLabels);
                })
                .spec(spec -> spec.nodeName(binding.target().name()))
                .status(status -> status.conditions(conditions));
        draft.store();
        return SubresourceHandler.Answer.created();
    }

    private static ApiException conflict(String resource, String name, String why) {
        return ApiException.conflict(resource, "", name, why);
    }
}
