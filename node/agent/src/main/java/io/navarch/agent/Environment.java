package io.navarch.agent;

import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// A container's environment, command and what they refer to.
///
/// Source: https://kubernetes.io/docs/tasks/inject-data-application/
final class Environment {
    /// A reference to something that is not there; the container cannot start until it is.
    static final class UnresolvedException extends RuntimeException {
        UnresolvedException(String message) {
            super(message);
        }
    }

    private final View pod;
    private final String nodeAddress;
    private final String podAddress;
    private final View nodeAllocatable;
    private final BiFunction<String, String, View> lookup;

    /// @param lookup a ConfigMap or Secret of the pod's namespace by `configmaps` or `secrets` and name, absent if none
    Environment(
            View pod,
            String nodeAddress,
            String podAddress,
            View nodeAllocatable,
            BiFunction<String, String, View> lookup) {
        this.pod = pod;
        this.nodeAddress = nodeAddress;
        this.podAddress = podAddress;
        this.nodeAllocatable = nodeAllocatable;
        this.lookup = lookup;
    }

    Map<String, String> of(View container, Collection<View> services) {
        var result = new LinkedHashMap<String, String>();
        services(services, result);
        for (var source : container.get("envFrom").views()) from(source, result);
        for (var variable : container.get("env").views()) {
            var name = variable.get("name").string();
            var from = variable.get("valueFrom");
            if (!from.exists()) result.put(name, expand(variable.get("value").string(), result));
            else {
                var value = valueFrom(container, from);
                if (value != null) result.put(name, value);
            }
        }
        return result;
    }

    private void from(View source, Map<String, String> result) {
        var prefix = source.get("prefix").string();
        for (var kind : new String[] {"configMapRef", "secretRef"}) {
            var reference = source.get(kind);
            if (!reference.exists()) continue;
            var object = require(kind.equals("configMapRef") ? "configmaps" : "secrets", reference);
            object.get("data")
                    .map()
                    .forEach((key, value) ->
                            result.put(prefix + key, kind.equals("secretRef") ? decode(value) : String.valueOf(value)));
        }
    }

    static String decode(Object base64) {
        return new String(
                java.util.Base64.getDecoder().decode(String.valueOf(base64)), java.nio.charset.StandardCharsets.UTF_8);
    }

    private View require(String plural, View reference) {
        var name = reference.get("name").string();
        var object = lookup.apply(plural, name);
        if (!object.exists() && !reference.get("optional").bool()) {
            throw new UnresolvedException(
                    (plural.equals("secrets") ? "secret" : "configmap") + " \"" + name + "\" not found");
        }
        return object;
    }

    private String valueFrom(View container, View from) {
        if (from.get("fieldRef").exists())
            return field(from.get("fieldRef", "fieldPath").string());
        if (from.get("resourceFieldRef").exists()) return resource(container, from.get("resourceFieldRef"));
        boolean secret = from.get("secretKeyRef").exists();
        var reference = from.get(secret ? "secretKeyRef" : "configMapKeyRef");
        var plural = secret ? "secrets" : "configmaps";
        var value =
                require(plural, reference).get("data").get(reference.get("key").string());
        if (value.exists()) return secret ? decode(value.value()) : value.string();
        if (reference.get("optional").bool()) return null;
        throw new UnresolvedException(
                "couldn't find key " + reference.get("key").string() + " in " + (secret ? "Secret " : "ConfigMap ")
                        + pod.namespace() + "/" + reference.get("name").string());
    }

    String field(String path) {
        if (path.startsWith("metadata.labels['"))
            return pod.labels().getOrDefault(path.substring(17, path.length() - 2), "");
        if (path.startsWith("metadata.annotations['")) return pod.annotation(path.substring(22, path.length() - 2));
        return switch (path) {
            case "metadata.name" -> pod.name();
            case "metadata.namespace" -> pod.namespace();
            case "metadata.uid" -> pod.uid();
            case "metadata.labels" -> lines(pod.labels());
            case "metadata.annotations" ->
                lines(pod.metadata().get("annotations").stringMap());
            case "spec.nodeName" -> pod.spec().get("nodeName").string();
            case "spec.serviceAccountName" ->
                pod.spec().get("serviceAccountName").string();
            case "status.hostIP", "status.hostIPs" -> nodeAddress;
            case "status.podIP", "status.podIPs" -> podAddress;
            default -> "";
        };
    }

    private static String lines(Map<String, String> map) {
        var text = new StringBuilder();
        new TreeMap<>(map)
                .forEach((key, value) -> text.append(text.isEmpty() ? "" : "\n")
                        .append(key)
                        .append('=')
                        .append(io.navarch.objects.Json.writeString(value)));
        return text.toString();
    }

    String resource(View container, View reference) {
        var path = reference.get("resource").string().split("\\.", 2);
        var amount = container.get("resources", path[0]).get(path[1]);
        // Without a limit of its own a container may use what the node has.
        var quantity = Quantity.parseOr(
                amount.value(),
                path[0].equals("limits")
                        ? Quantity.parseOr(nodeAllocatable.get(path[1]).value(), Quantity.ZERO)
                        : Quantity.ZERO);
        var divisor = Quantity.parseOr(reference.get("divisor").value(), Quantity.parse("1"));
        if (divisor.value().signum() == 0) divisor = Quantity.parse("1");
        return quantity.value()
                .divide(divisor.value(), 0, java.math.RoundingMode.CEILING)
                .toPlainString();
    }

    /// Replaces `$(NAME)`; `$$` stands for one `$`, and what is not known stays.
    static String expand(String text, Map<String, String> known) {
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
                var name = text.substring(i + 2, end);
                result.append(known.containsKey(name) ? known.get(name) : text.substring(i, end + 1));
                i = end;
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    private void services(Collection<View> services, Map<String, String> result) {
        boolean links = pod.spec().get("enableServiceLinks").boolOr(true);
        for (var service : services) {
            boolean api =
                    service.namespace().equals("default") && service.name().equals("kubernetes");
            if (!api && (!links || !service.namespace().equals(pod.namespace()))) continue;
            var address = service.spec().get("clusterIP").string();
            if (address.isEmpty() || address.equals("None")) continue;
            var name = service.name().toUpperCase(Locale.ROOT).replace('-', '_');
            boolean first = true;
            for (var port : service.spec().get("ports").views()) {
                var number = port.get("port").text();
                var protocol = port.get("protocol").stringOr("TCP");
                if (first) {
                    result.put(name + "_SERVICE_HOST", address);
                    result.put(name + "_SERVICE_PORT", number);
                    result.put(name + "_PORT", protocol.toLowerCase(Locale.ROOT) + "://" + address + ":" + number);
                    first = false;
                }
                var portName = port.get("name").string();
                if (!portName.isEmpty())
                    result.put(
                            name + "_SERVICE_PORT_"
                                    + portName.toUpperCase(Locale.ROOT).replace('-', '_'),
                            number);
                var prefix = name + "_PORT_" + number + "_" + protocol;
                result.put(prefix, protocol.toLowerCase(Locale.ROOT) + "://" + address + ":" + number);
                result.put(prefix + "_PROTO", protocol.toLowerCase(Locale.ROOT));
                result.put(prefix + "_PORT", number);
                result.put(prefix + "_ADDR", address);
            }
        }
    }
}
