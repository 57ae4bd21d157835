package io.navarch.comparison.loops;

import io.navarch.comparison.Call;
import io.navarch.comparison.Side;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the objects of each kind are, as a server says itself.
record ResourceTable(List<Resource> all) {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    /// @param root such as `/apis/apps/v1`
    record Resource(String root, String apiVersion, String plural, String kind, boolean namespaced) {
        String collection(String namespace) {
            return root + (namespaced ? "/namespaces/" + namespace : "") + "/" + plural;
        }
    }

    static ResourceTable of(Side side) {
        var found = new ArrayList<Resource>();
        for (var root : List.of("/api", "/apis")) {
            var answer = side.send(new Call("", "GET", root, AGGREGATED, Optional.empty()));
            for (var group : View.of(answer.body()).get("items").views()) add(found, root, group);
        }
        return new ResourceTable(found);
    }

    private static void add(List<Resource> found, String root, View group) {
        var prefix = group.name().isEmpty() ? "" : group.name() + "/";
        for (var version : group.get("versions").views()) {
            var apiVersion = prefix + version.get("version").string();
            for (var resource : version.get("resources").views())
                found.add(new Resource(
                        root + "/" + apiVersion,
                        apiVersion,
                        resource.get("resource").string(),
                        resource.get("responseKind").get("kind").string(),
                        resource.get("scope").string().equals("Namespaced")));
        }
    }

    /// The first of the name: a server tells its older groups and newer versions first.
    Resource named(String plural) {
        return all.stream()
                .filter(each -> each.plural.equals(plural))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no resource " + plural));
    }

    Resource of(View object) {
        return all.stream()
                .filter(each -> each.kind.equals(object.get("kind").string())
                        && each.apiVersion.equals(object.get("apiVersion").string()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind " + object.get("kind")));
    }
}
