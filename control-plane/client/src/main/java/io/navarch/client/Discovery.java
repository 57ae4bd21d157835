package io.navarch.client;

import io.navarch.model.APIResource;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;

/// The resource types that the API server's discovery names.
public final class Discovery {
    private Discovery() {}

    public static List<ResourceType<View>> namespaced(Client client) {
        return all(client).stream().filter(ResourceType::namespaced).toList();
    }

    /// Every kind that can be listed, watched and deleted, in the preferred version of its group.
    public static List<ResourceType<View>> all(Client client) {
        var versions = new ArrayList<>(List.of("v1"));
        for (var group : client.call("GET", "/apis", null, null).get("groups").views()) {
            var name = group.get("name").string();
            // These serve objects of other groups under a second name.
            if (name.equals("extensions") || name.equals("events.k8s.io")) continue;
            versions.add(name + "/" + group.get("preferredVersion", "version").string());
        }
        var result = new ArrayList<ResourceType<View>>();
        for (var version : versions) {
            for (var resource : resources(client, version)) {
                if (resource.verbs().containsAll(List.of("list", "watch", "delete")))
                    result.add(type(version, resource));
            }
        }
        return result;
    }

    /// The resources of one `group/version`, or of `v1`.
    public static List<ResourceType<View>> of(Client client, String apiVersion) {
        return resources(client, apiVersion).stream()
                .map(resource -> type(apiVersion, resource))
                .toList();
    }

    private static List<APIResource> resources(Client client, String apiVersion) {
        var path = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
        return client.call("GET", path, null, null).get("resources").stream()
                .map(APIResource::of)
                .filter(resource -> !resource.name().contains("/"))
                .toList();
    }

    private static ResourceType<View> type(String apiVersion, APIResource resource) {
        int slash = apiVersion.indexOf('/');
        return ResourceType.untyped(
                apiVersion.substring(0, Math.max(0, slash)),
                apiVersion.substring(slash + 1),
                resource.name(),
                resource.kind(),
                resource.namespaced());
    }
}
