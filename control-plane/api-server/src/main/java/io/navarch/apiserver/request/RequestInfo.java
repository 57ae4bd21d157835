package io.navarch.apiserver.request;

import java.util.List;
import java.util.Set;

/// What a request is about, read from its method and path alone.
///
/// `verb` is the API verb (`get`, `list`, `watch`, …) for resources and the lower-case method otherwise.
public record RequestInfo(
        boolean resourceRequest,
        String verb,
        String path,
        String group,
        String version,
        String namespace,
        String resource,
        String name,
        String subresource,
        List<String> rest) {

    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    public static RequestInfo of(Call call) {
        var path = call.path();
        var parts = List.of(path.replaceAll("^/+", "").split("/", -1));
        boolean trailing = parts.size() > 1 && parts.getLast().isEmpty();
        if (trailing) parts = parts.subList(0, parts.size() - 1);
        boolean core = parts.getFirst().equals("api") && parts.size() >= 3;
        boolean grouped = parts.getFirst().equals("apis") && parts.size() >= 4;
        if (!core && !grouped) return nonResource(call, path);
        var group = core ? "" : parts.get(1);
        var version = parts.get(core ? 1 : 2);
        var rest = parts.subList(core ? 2 : 3, parts.size());
        boolean legacyWatch = rest.getFirst().equals("watch") && rest.size() > 1;
        if (legacyWatch) rest = rest.subList(1, rest.size());
        var namespace = "";
        if (rest.getFirst().equals("namespaces") && rest.size() >= 2) {
            namespace = rest.get(1);
            boolean inside = rest.size() > 2 && !(rest.size() == 3 && NAMESPACE_SUBRESOURCES.contains(rest.get(2)));
            if (inside) rest = rest.subList(2, rest.size());
        }
        var resource = rest.getFirst();
        var name = rest.size() > 1 ? rest.get(1) : "";
        var subresource = rest.size() > 2 ? rest.get(2) : "";
        var tail = rest.size() > 3 ? rest.subList(3, rest.size()) : List.<String>of();
        // The namespace resource itself is not in a namespace, but authorisation sees its name as one.
        return new RequestInfo(
                true,
                verb(call, name, legacyWatch),
                path,
                group,
                version,
                namespace,
                resource,
                name,
                subresource,
                tail);
    }

    /// Whether the answer is a stream of the other side's making.
    public boolean streams() {
        return List.of("exec", "attach", "portforward", "log", "proxy").contains(subresource);
    }

    /// Whether the call lasts as long as somebody wants.
    public boolean longRunning() {
        return verb.equals("watch") || streams();
    }

    private static RequestInfo nonResource(Call call, String path) {
        var verb = call.method().toLowerCase(java.util.Locale.ROOT);
        return new RequestInfo(false, verb, path, "", "", "", "", "", "", List.of());
    }

    private static String verb(Call call, String name, boolean legacyWatch) {
        return switch (call.method()) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
            case "GET", "HEAD" -> {
                boolean watching = legacyWatch || call.flag("watch");
                if (!name.isEmpty() && !legacyWatch) yield "get";
                yield watching ? "watch" : "list";
            }
            default -> call.method().toLowerCase(java.util.Locale.ROOT);
        };
    }
}
