package io.navarch.apiserver.request;

import io.navarch.objects.FieldSelector;
import io.navarch.schema.admission.Verb;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a request is about, read from its method, its path and its selectors alone.
///
/// `verb` is the API verb (`get`, `list`, `watch`, …) for resources and the lower-case method otherwise.
///
/// @param name also the one that the field selector of a list or watch asks for: it is about that object only
/// @param fieldSelector as it was sent with a list, a watch or the deletion of a collection
/// @param labelSelector like this
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
        String fieldSelector,
        String labelSelector) {

    private static final String NAMESPACES = "namespaces";
    private static final Set<String> STREAMS = Set.of("exec", "attach", "portforward", "log", "proxy");
    private static final Set<String> SESSIONS = Set.of("exec", "attach", "portforward");
    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");
    /// Verbs that a path may begin with.
    private static final Set<String> PREFIXES = Set.of("watch", "proxy");
    private static final Set<String> COLLECTIVE =
            Set.of(Verb.LIST.text(), Verb.WATCH.text(), Verb.DELETECOLLECTION.text());

    public static RequestInfo of(Call call) {
        var path = call.path();
        var parts = List.of(trimmed(path).split("/", -1));
        boolean core = parts.getFirst().equals("api") && parts.size() >= 3;
        boolean grouped = parts.getFirst().equals("apis") && parts.size() >= 4;
        if (!core && !grouped) return nonResource(call, path);
        var group = core ? "" : parts.get(1);
        var version = parts.get(core ? 1 : 2);
        var rest = parts.subList(core ? 2 : 3, parts.size());
        boolean prefixed = PREFIXES.contains(rest.getFirst()) && rest.size() > 1;
        var prefix = prefixed ? rest.getFirst() : "";
        if (prefixed) rest = rest.subList(1, rest.size());
        var namespace = "";
        if (rest.getFirst().equals(NAMESPACES) && rest.size() >= 2) {
            namespace = rest.get(1);
            boolean inside = rest.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(rest.get(2));
            if (inside) rest = rest.subList(2, rest.size());
        }
        var resource = rest.getFirst();
        var name = rest.size() > 1 ? rest.get(1) : "";
        var subresource = rest.size() > 2 && !prefix.equals("proxy") ? rest.get(2) : "";
        var verb = prefixed ? prefix : verb(call, name);
        boolean selects = !prefixed && COLLECTIVE.contains(verb);
        boolean reads = selects && !verb.equals(Verb.DELETECOLLECTION.text());
        // A namespace is not inside a namespace, but authorization sees its name as one.
        return new RequestInfo(
                true,
                verb,
                path,
                group,
                version,
                namespace,
                resource,
                reads ? selectedName(call) : name,
                subresource,
                selects ? call.query("fieldSelector") : "",
                selects ? call.query("labelSelector") : "");
    }

    private static String trimmed(String path) {
        int begin = 0;
        int end = path.length();
        while (begin < end && path.charAt(begin) == '/') begin++;
        while (end > begin && path.charAt(end - 1) == '/') end--;
        return path.substring(begin, end);
    }

    /// The only name that a selector leaves over, or `""`.
    private static String selectedName(Call call) {
        try {
            for (var term : FieldSelector.parse(call.query("fieldSelector")).terms()) {
                if (!term.path().equals("metadata.name") || !term.equal()) continue;
                var name = term.value();
                boolean segment = !name.equals(".") && !name.equals("..") && !name.contains("/") && !name.contains("%");
                return segment ? name : "";
            }
        } catch (IllegalArgumentException e) {
            // Whoever reads the selector to use it says what is wrong with it.
        }
        return "";
    }

    /// Whether the answer is a stream that somebody else produces: a container, a node, a pod.
    public boolean streams() {
        return STREAMS.contains(subresource);
    }

    /// Whether the caller gets to talk to what runs in a pod, whatever the verb says.
    public boolean enters() {
        return SESSIONS.contains(subresource);
    }

    /// Whether the call lasts as long as one of the two sides wants.
    public boolean longRunning() {
        return is(Verb.WATCH) || streams();
    }

    private static RequestInfo nonResource(Call call, String path) {
        var verb = call.method().toLowerCase(Locale.ROOT);
        return new RequestInfo(false, verb, path, "", "", "", "", "", "", "", "");
    }

    public boolean is(Verb wanted) {
        return verb.equals(wanted.text());
    }

    /// The same request, as an object that is not in the namespace of its own name: a namespace.
    public RequestInfo clusterScoped() {
        return new RequestInfo(
                true, verb, path, group, version, "", resource, name, subresource, fieldSelector, labelSelector);
    }

    /// Whether this is about namespaces themselves.
    public boolean namespaceItself() {
        return resource.equals(NAMESPACES) && group.isEmpty();
    }

    /// The resource as messages and roles name it, with its subresource.
    public String qualifiedResource() {
        return subresource.isEmpty() ? resource : resource + "/" + subresource;
    }

    private static String verb(Call call, String name) {
        return switch (call.method()) {
            case "POST" -> Verb.CREATE.text();
            case "PUT" -> Verb.UPDATE.text();
            case "PATCH" -> Verb.PATCH.text();
            case "DELETE" -> (name.isEmpty() ? Verb.DELETECOLLECTION : Verb.DELETE).text();
            case "GET", "HEAD" -> {
                if (!name.isEmpty()) yield Verb.GET.text();
                yield (call.flag("watch") ? Verb.WATCH : Verb.LIST).text();
            }
            default -> "";
        };
    }
}
