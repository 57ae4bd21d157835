package io.navarch.kinds.pod;

import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.ArrayList;
import java.util.List;

/// A pod on a node cannot be given more than the node has.
///
/// Source: https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/
public final class PodResizeValidator implements Admission.Validating {
    private static final String CPU = "cpu";
    private static final String MEMORY = "memory";

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is(Resources.PODS)
                && call.operation() == Operation.UPDATE
                && call.subresource().equals("resize");
    }

    @Override
    public void validate(Admission.Attributes call, View object, View before, Admission.Lookup lookup) {
        var pod = Pod.of(object);
        if (!Pods.assigned(pod) || pod.spec().semanticEquals(Pod.of(before).spec())) return;
        var name = pod.spec().nodeName();
        var node = lookup.get(Resources.NODES, "", name);
        if (!node.exists())
            throw ApiException.forbidden(call.resource(), "", call.name(), "node \"" + name + "\" not found");
        var os = node.labels().getOrDefault("kubernetes.io/os", "linux");
        if (!os.equals("linux"))
            throw refused(
                    call,
                    "UnsupportedPlatform",
                    "pod resize is only supported on linux nodes, node \"" + name + "\" is \"" + os + "\"");
        var lacking = lacking(pod, node);
        if (!lacking.isEmpty())
            throw refused(
                    call,
                    "NodeCapacity",
                    "node didn't have enough allocatable resources: " + String.join("; ", lacking));
    }

    private static List<String> lacking(Pod pod, Node node) {
        var requests = PodResources.requests(pod.spec());
        var allocatable = node.status().allocatable();
        var lacking = new ArrayList<String>();
        for (var resource : List.of(CPU, MEMORY)) {
            var wanted = requests.getOrDefault(resource, Quantity.ZERO);
            var most = allocatable.getOrDefault(resource, Quantity.ZERO);
            if (wanted.compareTo(most) > 0)
                lacking.add(resource + ", requested: " + amount(resource, wanted) + ", allocatable: "
                        + amount(resource, most));
        }
        return lacking;
    }

    private static long amount(String resource, Quantity quantity) {
        return resource.equals(CPU) ? quantity.milli() : quantity.units();
    }

    private static ApiException refused(Admission.Attributes call, String cause, String why) {
        var told = ApiException.forbidden(call.resource(), "", call.name(), why);
        var details = StatusDetails.builder()
                .name(call.name())
                .kind(call.resource())
                .addCauses(reason -> reason.reason(cause))
                .map();
        return new ApiException(Reason.FORBIDDEN, String.valueOf(told.getMessage()), details);
    }
}
