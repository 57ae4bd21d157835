package io.navarch.comparison;

import io.navarch.objects.View;
import java.util.List;
import java.util.Set;

/// Objects that one of the two servers has, or has in another form, because of the parts that it is made of: lists are
/// compared without them.
final class OwnParts {
    /// What controllers may do follows from what each reads and writes, and there are others in the original.
    private static final String CONTROLLERS = "system:controller:";

    /// What kubeadm makes is made at the start here; roles of our own parts.
    private static final List<String> MADE_HERE = List.of("kubeadm:", "navarch:");

    /// Roles of parts that look at other things than the original's; an ingress class and a group of the API that the
    /// original does not have.
    private static final Set<String> NAMES = Set.of(
            "system:node",
            "system:kube-scheduler",
            "system:kube-controller-manager",
            "navarch",
            "extensions",
            "v1beta1.extensions");

    private OwnParts() {}

    /// A list's objects, events or rows without them.
    static List<?> without(List<?> elements) {
        return elements.stream().filter(element -> !own(View.of(element))).toList();
    }

    private static boolean own(View element) {
        var name = name(element);
        return name.startsWith(CONTROLLERS) || MADE_HERE.stream().anyMatch(name::startsWith) || NAMES.contains(name);
    }

    private static String name(View element) {
        if (element.get("preferredVersion").exists()) return element.get("name").string();
        var cells = element.get("cells").list();
        if (!cells.isEmpty()) return String.valueOf(cells.getFirst());
        var object = element.get("object");
        return (object.exists() ? object : element).metadata().get("name").string();
    }
}
