package io.navarch.client;

import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;

/// The types that discovery names.
public final class Discovery {
    private Discovery() {}

    public static List<ResourceType<View>> namespaced(Client client) {
        return all(client).stream().filter(ResourceType::namespaced).toList();
    }

    /// Every kind that can be listed, watched and deleted, in the preferred version of its group.
    public static List<ResourceType<View>> all(Client client) {
        var result = new ArrayList<ResourceType<View>>();
        collect(client, "/api/v1", "", "v1", result);
        for (var group : client.call("GET", "/apis", null, null).get("groups").views()) {
            var version = group.get("preferredVersion", "version").string();
            collect(
                    client,
                    "/apis/" + group.get("name").string() + "/" + version,
                    group.get("name").string(),
                    version,
                    result);
        }
        return result;
    }

    private static void collect(
            Client client, String path, String group, String version, List<ResourceType<View>> into) {
        for (var resource :
                client.call("GET", path, null, null).get("resources").views()) {
            var verbs = resource.get("verbs").strings();
            var name = resource.get("name").string();
            boolean usable = !name.contains("/")
                    && verbs.contains("list")
                    && verbs.contains("watch")
                    && verbs.contains("delete");
            // These are second names for objects of another group.
            boolean alias = group.equals("extensions") || group.equals("events.k8s.io");
            if (usable && !alias)
                into.add(ResourceType.untyped(
                        group,
                        version,
                        name,
                        resource.get("kind").string(),
                        resource.get("namespaced").bool()));
        }
    }
}
