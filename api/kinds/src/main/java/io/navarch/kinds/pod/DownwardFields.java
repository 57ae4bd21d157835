package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.ObjectFieldSelector;
import io.navarch.model.ResourceFieldSelector;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which of a pod's fields containers can be told, and where.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
public final class DownwardFields {
    private static final Set<String> RESOURCES = Set.of(
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.ephemeral-storage");
    private static final Set<String> EVERYWHERE = Set.of("metadata.name", "metadata.namespace", "metadata.uid");
    private static final Set<String> ENVIRONMENT = Set.of(
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final Set<String> VOLUME = Set.of("metadata.annotations", "metadata.labels");
    private static final Set<String> ELSEWHERE =
            Set.of("spec.host", "spec.restartPolicy", "spec.schedulerName", "status.phase");
    private static final String OPEN = "['";
    private static final String CLOSE = "']";
    private static final List<String> BYTE_DIVISORS =
            List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");

    /// Resources that are told in parts, and what errors call them.
    private static final Map<String, String> DIVIDED =
            Map.of("cpu", "cpu", "memory", "memory", "ephemeral-storage", "local ephemeral storage");

    private DownwardFields() {}

    static Set<String> environment() {
        return together(ENVIRONMENT);
    }

    static Set<String> volume() {
        return together(VOLUME);
    }

    private static Set<String> together(Set<String> more) {
        var result = new TreeSet<>(EVERYWHERE);
        result.addAll(more);
        return result;
    }

    /// @param supported the fields that can be told here
    static void fieldRef(ObjectFieldSelector reference, Set<String> supported, String path, Check check) {
        var field = reference.fieldPath();
        if (!check.required(field, path + ".fieldPath")) return;
        int open = field.indexOf(OPEN, 1);
        boolean part = open > 0 && field.endsWith(CLOSE) && open + OPEN.length() <= field.length() - CLOSE.length();
        var name = part ? field.substring(0, open) : field;
        var wrong = unknown(reference.apiVersion(), name, field, part);
        if (!wrong.isEmpty()) {
            check.invalid(path + ".fieldPath", field, "error converting fieldPath: " + wrong);
        } else if (part) {
            var key = field.substring(open + OPEN.length(), field.length() - CLOSE.length());
            var annotation = name.equals("metadata.annotations");
            check.name(key, path, Names.qualifiedName(annotation ? key.toLowerCase(Locale.ROOT) : key));
        } else {
            var meant = name.equals("spec.host") ? "spec.nodeName" : name;
            if (!supported.contains(meant)) check.notSupported(path + ".fieldPath", meant, supported);
        }
    }

    /// Why there is no such field, or `""`.
    private static String unknown(String version, String name, String field, boolean part) {
        if (!version.equals("v1")) return "unsupported pod version: " + version;
        if (part) return VOLUME.contains(name) ? "" : "field label does not support subscript: " + field;
        boolean known = EVERYWHERE.contains(name)
                || ENVIRONMENT.contains(name)
                || VOLUME.contains(name)
                || ELSEWHERE.contains(name);
        return known ? "" : "field label not supported: " + field;
    }

    /// @param named whether the container must be named
    static void resourceRef(ResourceFieldSelector reference, boolean named, String path, Check check) {
        var resource = reference.resource();
        if (named && reference.containerName().isEmpty()) check.add(FieldError.required(path + ".containerName"));
        else if (resource.isEmpty()) check.add(FieldError.required(path + ".resource"));
        else if (!RESOURCES.contains(resource)
                && !resource.startsWith("limits.hugepages-")
                && !resource.startsWith("requests.hugepages-"))
            check.add(FieldError.notSupported(path + ".resource", resource, RESOURCES));
        divisor(reference.divisor(), resource, path, check);
    }

    private static void divisor(Quantity amount, String resource, String path, Check check) {
        if (amount.value().signum() == 0) return;
        boolean huge = resource.startsWith("limits.hugepages-") || resource.startsWith("requests.hugepages-");
        if (!huge && !RESOURCES.contains(resource)) return;
        var noun = resource.substring(resource.indexOf('.') + 1);
        boolean cpu = noun.equals("cpu");
        var allowed = cpu ? List.of("1m", "1") : BYTE_DIVISORS;
        if (allowed.contains(amount.toString())) return;
        var words = huge ? "hugepages" : DIVIDED.getOrDefault(noun, noun);
        // The original shows the resource.
        check.invalid(
                path + ".divisor",
                resource,
                "only divisor's values " + (cpu ? "1m and 1" : String.join(", ", allowed)) + " are supported with the "
                        + words + " resource");
    }
}
