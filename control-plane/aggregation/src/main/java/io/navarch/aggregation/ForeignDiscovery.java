package io.navarch.aggregation;

import io.navarch.model.APIResource;
import io.navarch.model.GroupVersionKind;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What another server's discovery says of one version of a group, in the form of aggregated discovery. Pure.
final class ForeignDiscovery {
    /// What is asked for: the documents of all groups at once.
    static final String ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
            + ",application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

    private static final String RESPONSE_KIND = "responseKind";
    private static final String SUBRESOURCES = "subresources";

    private ForeignDiscovery() {}

    static boolean aggregated(String contentType) {
        return contentType.contains("as=APIGroupDiscoveryList");
    }

    /// The resources of a version in a document of all groups; none when it does not name the version.
    ///
    /// @throws Json.MalformedException when it is no such document
    static List<Map<String, Object>> ofAll(byte[] document, String group, String version) {
        for (var each : View.of(Json.parseMap(document)).get("items").views()) {
            if (!each.metadata().get("name").string().equals(group)) continue;
            for (var served : each.get("versions").views())
                if (served.get("version").string().equals(version))
                    return served.get("resources").views().stream()
                            .map(ForeignDiscovery::whole)
                            .toList();
        }
        return List.of();
    }

    /// Clients of some versions cannot read an entry without a kind.
    private static Map<String, Object> whole(View resource) {
        var tree = new LinkedHashMap<>(resource.map());
        tree.putIfAbsent(RESPONSE_KIND, Trees.map());
        var subresources = new ArrayList<Object>();
        for (var each : resource.get(SUBRESOURCES).views()) {
            var sub = new LinkedHashMap<>(each.map());
            sub.putIfAbsent(RESPONSE_KIND, Trees.map());
            subresources.add(sub);
        }
        if (!subresources.isEmpty()) tree.put(SUBRESOURCES, subresources);
        return tree;
    }

    /// The resources of a version in the list of that version alone, as all servers have it.
    static List<Map<String, Object>> ofOne(byte[] document, String group, String version) {
        var resources = new LinkedHashMap<String, Map<String, Object>>();
        var list = View.of(Json.parseMap(document)).get("resources").views();
        for (var each : list) {
            var resource = APIResource.of(each);
            if (resource.name().contains("/")) continue;
            var tree = Trees.map(
                    "resource",
                    resource.name(),
                    RESPONSE_KIND,
                    kind(resource, group, version).map(),
                    "scope",
                    resource.namespaced() ? "Namespaced" : "Cluster",
                    "singularResource",
                    resource.singularName(),
                    "verbs",
                    resource.verbs());
            if (!resource.shortNames().isEmpty()) tree.put("shortNames", resource.shortNames());
            if (!resource.categories().isEmpty()) tree.put("categories", resource.categories());
            resources.put(resource.name(), tree);
        }
        for (var each : list) sub(APIResource.of(each), group, version, resources);
        return List.copyOf(resources.values());
    }

    private static void sub(
            APIResource resource, String group, String version, Map<String, Map<String, Object>> resources) {
        int slash = resource.name().indexOf('/');
        var parent = Optional.ofNullable(resources.get(resource.name().substring(0, Math.max(0, slash))));
        parent.ifPresent(tree -> Trees.childList(tree, SUBRESOURCES)
                .add(Trees.map(
                        "subresource",
                        resource.name().substring(slash + 1),
                        RESPONSE_KIND,
                        kind(resource, group, version).map(),
                        "verbs",
                        resource.verbs())));
    }

    private static GroupVersionKind.Builder kind(APIResource resource, String group, String version) {
        return GroupVersionKind.builder()
                .group(resource.group().isEmpty() ? group : resource.group())
                .version(resource.version().isEmpty() ? version : resource.version())
                .kind(resource.kind());
    }
}
