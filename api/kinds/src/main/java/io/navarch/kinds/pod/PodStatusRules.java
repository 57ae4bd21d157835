package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.objects.Addresses;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a pod's status must be when its node agent writes it.
final class PodStatusRules {
    /// Conditions of Kubernetes itself; others have qualified names.
    private static final Set<String> OWN = Set.of("PodScheduled", "Ready", "Initialized");

    private PodStatusRules() {}

    static List<FieldError> check(View pod, View old) {
        var check = new Check();
        var status = pod.status();
        int i = 0;
        for (var condition : status.get("conditions").views()) {
            var type = condition.get("type").string();
            // The original's path.
            var at = "metadata.conditions[" + i++ + "].Type";
            if (!OWN.contains(type)) check.name(type, at, Names.qualifiedName(type));
        }
        addresses(status.get("podIPs"), "status.podIPs", check);
        addresses(status.get("hostIPs"), "status.hostIPs", check);
        for (var field : List.of("containerStatuses", "initContainerStatuses"))
            transitions(pod, status.get(field), old.status().get(field), "status." + field, check);
        return check.errors();
    }

    /// At most one address of each family.
    private static void addresses(View addresses, String path, Check check) {
        var seen = new HashSet<String>();
        var families = new HashSet<Boolean>();
        boolean crowded = false;
        int i = 0;
        for (var element : addresses.views()) {
            var at = path + "[" + i++ + "]";
            var address = element.get("ip").string();
            check.name(address, at, Names.ip(address));
            if (!seen.add(address)) check.add(FieldError.duplicate(at, element.map()));
            crowded |= Addresses.parse(address) != null && !families.add(Addresses.six(address));
        }
        if (crowded || i > 2)
            check.add(FieldError.invalid(path, addresses.list(), "may specify no more than one IP for each IP family"));
    }

    /// A container that ended for good does not run again.
    private static void transitions(View pod, View now, View before, String path, Check check) {
        var policy = pod.spec().get("restartPolicy").string();
        if (policy.equals("Always")) return;
        int i = 0;
        for (var status : now.views()) {
            var at = path + "[" + i++ + "].state";
            var name = status.get("name").string();
            var ended = before.find("name", name).get("state", "terminated");
            if (!ended.exists() || status.get("state", "terminated").exists()) continue;
            boolean again = policy.equals("OnFailure") && ended.get("exitCode").longOr(0) != 0;
            boolean sidecar = pod.spec()
                    .get("initContainers")
                    .find("name", name)
                    .get("restartPolicy")
                    .string()
                    .equals("Always");
            if (!again && !sidecar)
                check.add(FieldError.forbidden(at, "must not be transitioned to non-terminated state"));
        }
    }

    /// The first address has a field of its own; where they differ, that field is right.
    static void complete(Map<String, Object> pod) {
        var status = View.of(pod).status();
        var single = status.get("podIP").string();
        var first = status.get("podIPs").at(0).get("ip").string();
        if (single.isEmpty() && !first.isEmpty()) Trees.put(pod, first, "status", "podIP");
        if (!single.isEmpty() && !single.equals(first))
            Trees.put(pod, Trees.list(Trees.map("ip", single)), "status", "podIPs");
    }
}
