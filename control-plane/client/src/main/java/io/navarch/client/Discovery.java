package io.navarch.client;

import io.navarch.model.APIGroup;
import io.navarch.model.APIResource;
import io.navarch.model.AnyObject;
import io.navarch.objects.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The resources that the API server's discovery names.
public final class Discovery {
    private static final String GROUPS = "groups";
    private static final String RESOURCES = "resources";

    /// What the server must be able to do with a resource for it to be of use to those that handle all of them.
    private static final Set<String> VERBS = Set.of("list", "watch", "delete");

    /// These groups serve objects of other groups under a second name.
    private static final Set<String> ALIASES = Set.of("extensions", "events.k8s.io");

    private Discovery() {}

    public static List<ResourceType<AnyObject>> namespaced(Client client) {
        return all(client).stream().filter(ResourceType::namespaced).toList();
    }

    /// Every kind that can be listed, watched and deleted, in the preferred version of its group.
    public static List<ResourceType<AnyObject>> all(Client client) {
        var versions = new ArrayList<>(List.of("v1"));
        for (var each : client.get("/apis").get(GROUPS).views()) {
            var group = APIGroup.of(each);
            if (!ALIASES.contains(group.name()))
                versions.add(group.name() + "/" + group.preferredVersion().version());
        }
        return versions.stream()
                .flatMap(version -> resources(client, version).stream()
                        .filter(resource -> resource.verbs().containsAll(VERBS))
                        .map(resource -> type(version, resource)))
                .toList();
    }

    /// The resources of one `group/version`, or of `v1`.
    public static List<ResourceType<AnyObject>> of(Client client, String apiVersion) {
        return resources(client, apiVersion).stream()
                .map(resource -> type(apiVersion, resource))
                .toList();
    }

    private static List<APIResource> resources(Client client, String apiVersion) {
        var path = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
        return client.get(path).get(RESOURCES).stream()
                .map(APIResource::of)
                .filter(resource -> !resource.name().contains("/"))
                .toList();
    }

    private static ResourceType<AnyObject> type(String apiVersion, APIResource resource) {
        int slash = apiVersion.indexOf('/');
        return AnyObject.resource(
                apiVersion.substring(0, Math.max(0, slash)),
                apiVersion.substring(slash + 1),
                resource.name(),
                resource.kind(),
                resource.namespaced());
    }
}
