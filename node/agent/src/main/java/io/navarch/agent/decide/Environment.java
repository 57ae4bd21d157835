package io.navarch.agent.decide;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.navarch.model.Container;
import io.navarch.model.EnvFromSource;
import io.navarch.model.EnvVarSource;
import io.navarch.model.Pod;
import io.navarch.model.ResourceFieldSelector;
import io.navarch.model.Service;
import io.navarch.objects.Json;
import io.navarch.objects.Quantity;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A container's environment, and the fields and resources that it and volumes refer to.
///
/// Source: https://kubernetes.io/docs/tasks/inject-data-application/
///
/// @param podAddress `""` while the pod has none
/// @param allocatable what the node has for pods
public record Environment(
        Pod pod, String nodeAddress, String podAddress, Map<String, Quantity> allocatable, References references) {

    private static final String LABEL = "metadata.labels['";
    private static final String ANNOTATION = "metadata.annotations['";

    /// @throws UnresolvedException when something is referred to that is not there
    public Map<String, String> of(Container container, Collection<Service> services) {
        var result = new LinkedHashMap<>(ServiceLinks.of(pod, services));
        for (var source : container.envFrom()) from(source, result);
        for (var variable : container.env()) {
            if (!variable.hasValueFrom()) {
                result.put(variable.name(), expand(variable.value(), result));
                continue;
            }
            valueFrom(container, variable.valueFrom()).ifPresent(value -> result.put(variable.name(), value));
        }
        return result;
    }

    private void from(EnvFromSource source, Map<String, String> result) {
        var prefix = source.prefix();
        if (source.hasConfigMapRef()) {
            var reference = source.configMapRef();
            configMap(reference.name(), reference.optional()).forEach((key, value) -> result.put(prefix + key, value));
        }
        if (source.hasSecretRef()) {
            var reference = source.secretRef();
            secret(reference.name(), reference.optional())
                    .forEach((key, value) -> result.put(prefix + key, new String(value, UTF_8)));
        }
    }

    private Map<String, String> configMap(String name, boolean optional) {
        var found = references.configMap(name);
        if (!found.exists() && !optional) throw new UnresolvedException("configmap \"" + name + "\" not found");
        return found.data();
    }

    private Map<String, byte[]> secret(String name, boolean optional) {
        var found = references.secret(name);
        if (!found.exists() && !optional) throw new UnresolvedException("secret \"" + name + "\" not found");
        return found.data();
    }

    private Optional<String> valueFrom(Container container, EnvVarSource from) {
        if (from.hasFieldRef()) return Optional.of(field(from.fieldRef().fieldPath()));
        if (from.hasResourceFieldRef()) return Optional.of(resource(container, from.resourceFieldRef()));
        if (from.hasSecretKeyRef()) {
            var reference = from.secretKeyRef();
            var value = secret(reference.name(), reference.optional()).get(reference.key());
            if (value != null) return Optional.of(new String(value, UTF_8));
            return missingKey(reference.key(), "Secret", reference.name(), reference.optional());
        }
        var reference = from.configMapKeyRef();
        var value = configMap(reference.name(), reference.optional()).get(reference.key());
        if (value != null) return Optional.of(value);
        return missingKey(reference.key(), "ConfigMap", reference.name(), reference.optional());
    }

    private Optional<String> missingKey(String key, String kind, String name, boolean optional) {
        if (optional) return Optional.empty();
        throw new UnresolvedException("couldn't find key " + key + " in " + kind + " " + pod.namespace() + "/" + name);
    }

    /// The field of the pod at this path (`fieldRef`).
    public String field(String path) {
        if (path.startsWith(LABEL)) return pod.labels().getOrDefault(subscript(path, LABEL), "");
        if (path.startsWith(ANNOTATION)) return pod.annotation(subscript(path, ANNOTATION));
        return switch (path) {
            case "metadata.name" -> pod.name();
            case "metadata.namespace" -> pod.namespace();
            case "metadata.uid" -> pod.uid();
            case "metadata.labels" -> lines(pod.labels());
            case "metadata.annotations" -> lines(pod.annotations());
            case "spec.nodeName" -> pod.spec().nodeName();
            case "spec.serviceAccountName" -> pod.spec().serviceAccountName();
            case "status.hostIP", "status.hostIPs" -> nodeAddress;
            case "status.podIP", "status.podIPs" -> podAddress;
            default -> "";
        };
    }

    private static String subscript(String path, String prefix) {
        return path.substring(prefix.length(), path.length() - 2);
    }

    private static String lines(Map<String, String> map) {
        var text = new StringBuilder();
        new TreeMap<>(map)
                .forEach((key, value) -> text.append(text.isEmpty() ? "" : "\n")
                        .append(key)
                        .append('=')
                        .append(Json.writeString(value)));
        return text.toString();
    }

    /// An amount such as `limits.cpu` (`resourceFieldRef`), in units of the divisor, rounded up.
    public String resource(Container container, ResourceFieldSelector reference) {
        var path = reference.resource().split("\\.", 2);
        var resources = container.resources();
        // Without a limit of its own a container may use what the node has.
        var amount = path[0].equals("limits")
                ? resources.limits().getOrDefault(path[1], allocatable.getOrDefault(path[1], Quantity.ZERO))
                : resources.requests().getOrDefault(path[1], Quantity.ZERO);
        var divisor = reference.divisor().value();
        return divisor.signum() == 0
                ? amount.value().setScale(0, RoundingMode.CEILING).toPlainString()
                : amount.value().divide(divisor, 0, RoundingMode.CEILING).toPlainString();
    }

    /// Replaces `$(NAME)`; `$$` stands for one `$`, and what is not known stays.
    public static String expand(String text, Map<String, String> known) {
        var result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '$' || i + 1 >= text.length()) {
                result.append(c);
                continue;
            }
            char next = text.charAt(i + 1);
            int end = next == '(' ? text.indexOf(')', i) : -1;
            if (next == '$') {
                result.append('$');
                i++;
            } else if (end > 0) {
                var value = known.get(text.substring(i + 2, end));
                result.append(value == null ? text.substring(i, end + 1) : value);
                i = end;
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }
}
