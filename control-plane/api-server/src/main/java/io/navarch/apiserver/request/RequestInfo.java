package io.navarch.apiserver.request;

import io.navarch.schema.admission.Verb;
import java.util.List;
import java.util.Locale;
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
        String subresource) {

    private static final String NAMESPACES = "namespaces";
    private static final Set<String> STREAMS = Set.of("exec", "attach", "portforward", "log", "proxy");
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
        if (rest.getFirst().equals(NAMESPACES) && rest.size() >= 2) {
            namespace = rest.get(1);
            boolean inside = rest.size() > 2 && !(rest.size() == 3 && NAMESPACE_SUBRESOURCES.contains(rest.get(2)));
            if (inside) rest = rest.subList(2, rest.size());
        }
        var resource = rest.getFirst();
        var name = rest.size() > 1 ? rest.get(1) : "";
        var subresource = rest.size() > 2 ? rest.get(2) : "";
        // A namespace is not inside a namespace, but authorization sees its name as one.
        return new RequestInfo(
                true, verb(call, name, legacyWatch), path, group, version, namespace, resource, name, subresource);
    }

    /// Whether the answer is a stream that somebody else produces: a container, a node, a pod.
    public boolean streams() {
        return STREAMS.contains(subresource);
    }

    /// Whether the call lasts as long as one of the two sides wants.
    public boolean longRunning() {
        return is(Verb.WATCH) || streams();
    }

    private static RequestInfo nonResource(Call call, String path) {
        var verb = call.method().toLowerCase(Locale.ROOT);
        return new RequestInfo(false, verb, path, "", "", "", "", "", "");
    }

    public boolean is(Verb wanted) {
        return verb.equals(wanted.text());
    }

    /// The same request, as an object that is not in the namespace of its own name: a namespace.
    public RequestInfo clusterScoped() {
        return new RequestInfo(true, verb, path, group, version, "", resource, name, subresource);
    }

    /// Whether this is about namespaces themselves.
    public boolean namespaceItself() {
        return resource.equals(NAMESPACES) && group.isEmpty();
    }

    /// The resource as messages and roles name it, with its subresource.
    public String qualifiedResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }

    private static String verb(Call call, String name, boolean legacyWatch) {
        return switch (call.method()) {
            case "POST" -> Verb.CREATE.text();
            case "PUT" -> Verb.UPDATE.text();
            case "PATCH" -> Verb.PATCH.text();
            case "DELETE" -> (name.isEmpty() ? Verb.DELETECOLLECTION : Verb.DELETE).text();
            case "GET", "HEAD" -> {
                boolean watching = legacyWatch || call.flag("watch");
                if (!name.isEmpty() && !legacyWatch) yield Verb.GET.text();
                yield (watching ? Verb.WATCH : Verb.LIST).text();
            }
            default -> call.method().toLowerCase(Locale.ROOT);
        };
    }
}
