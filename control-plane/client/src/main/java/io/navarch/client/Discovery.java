package io.navarch.client;

import io.navarch.model.APIGroup;
import io.navarch.model.APIResource;
import io.navarch.model.AnyObject;
import io.navarch.objects.ApiException;
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

    /// What was found, although some could not be asked.
    ///
    /// @param failed each `group/version` whose server does not say now what it has
    public record Found(List<ResourceType<AnyObject>> types, List<String> failed) {
        /// What has objects in namespaces.
        public List<ResourceType<AnyObject>> namespaced() {
            return types.stream().filter(ResourceType::namespaced).toList();
        }
    }

    /// Every kind that can be listed, watched and deleted, in the preferred version of its group. A group whose server
    /// does not answer keeps no other one back.
    public static Found all(Client client) {
        var versions = new ArrayList<>(List.of("v1"));
        for (var each : client.get("/apis").get(GROUPS).views()) {
            var group = APIGroup.of(each);
            if (!ALIASES.contains(group.name()))
                versions.add(group.name() + "/" + group.preferredVersion().version());
        }
        var types = new ArrayList<ResourceType<AnyObject>>();
        var failed = new ArrayList<String>();
        for (var version : versions) {
            try {
                for (var resource : resources(client, version))
                    if (resource.verbs().containsAll(VERBS)) types.add(type(version, resource));
            } catch (ApiException e) {
                // What has gone meanwhile has nothing any more.
                if (e.reason() != ApiException.Reason.NOT_FOUND) failed.add(version);
            }
        }
        return new Found(types, failed);
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
