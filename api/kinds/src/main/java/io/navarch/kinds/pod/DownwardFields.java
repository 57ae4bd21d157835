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
import java.util.regex.Pattern;

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
    private static final Set<String> ELSEWHERE = Set.of("spec.restartPolicy", "spec.schedulerName", "status.phase");
    private static final Pattern SUBSCRIPT = Pattern.compile("(.*)\\['(.*)']");
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
        var subscript = SUBSCRIPT.matcher(field);
        var name = subscript.matches() ? subscript.group(1) : field;
        boolean known = EVERYWHERE.contains(name)
                || ENVIRONMENT.contains(name)
                || VOLUME.contains(name)
                || ELSEWHERE.contains(name);
        if (!known || subscript.matches() && !VOLUME.contains(name)) {
            var wrong =
                    known ? "field label does not support subscript: " + field : "field label not supported: " + name;
            check.add(FieldError.invalid(path + ".fieldPath", field, "error converting fieldPath: " + wrong));
        } else if (subscript.matches()) {
            var key = subscript.group(2);
            check.name(
                    key,
                    path,
                    Names.qualifiedName(name.equals("metadata.annotations") ? key.toLowerCase(Locale.ROOT) : key));
        } else if (!supported.contains(name)) {
            check.add(FieldError.notSupported(path + ".fieldPath", name, supported));
        }
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
        var noun = resource.substring(resource.indexOf('.') + 1);
        boolean cpu = noun.equals("cpu");
        var allowed = cpu ? List.of("1m", "1") : BYTE_DIVISORS;
        if (allowed.stream().anyMatch(one -> Quantity.parse(one).compareTo(amount) == 0)) return;
        var words = noun.startsWith("hugepages-") ? "hugepages" : DIVIDED.get(noun);
        if (words == null) return;
        check.add(FieldError.invalid(
                path + ".divisor",
                amount.toString(),
                "only divisor's values " + (cpu ? "1m and 1" : String.join(", ", allowed)) + " are supported with the "
                        + words + " resource"));
    }
}
