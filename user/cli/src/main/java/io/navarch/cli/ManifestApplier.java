package io.navarch.cli;

import io.navarch.client.Client;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Applies the manifests of files and directories by server-side apply.
public final class ManifestApplier {
    /// An object that has been applied.
    public record Applied(ResourceType<View> type, View object) {
        public String title() {
            return type.kind().toLowerCase(Locale.ROOT) + "/" + object.name();
        }
    }

    private final Client client;

    public ManifestApplier(Client client) {
        this.client = client;
    }

    /// The objects of a file, or of all `.yaml`, `.yml` and `.json` files directly in a directory, in name order.
    ///
    /// @throws IOException naming the file that cannot be read
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> read(Path path) throws IOException {
        if (!Files.exists(path)) throw new IOException("the path \"" + path + "\" does not exist");
        var files = new ArrayList<Path>();
        if (Files.isDirectory(path)) {
            try (var list = Files.list(path)) {
                list.filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
                        .sorted()
                        .forEach(files::add);
            }
        } else {
            files.add(path);
        }
        var result = new ArrayList<Map<String, Object>>();
        for (var file : files) {
            try {
                for (var document : Yaml.parseAll(Files.readString(file))) {
                    if (!(document instanceof Map<?, ?> map)) throw new IOException(file + ": not an object");
                    var items = View.of(map).get("items");
                    if (View.of(map).get("kind").string().equals("List"))
                        items.list().forEach(item -> result.add((Map<String, Object>) item));
                    else result.add((Map<String, Object>) map);
                }
            } catch (Json.MalformedException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        }
        if (result.isEmpty()) throw new IOException("no objects in " + path);
        return result;
    }

    public Applied apply(Map<String, Object> object) {
        var view = View.of(object);
        var type = type(view.get("apiVersion").string(), view.get("kind").string());
        if (type.namespaced()) Trees.putIfAbsent(object, "default", "metadata", "namespace");
        return new Applied(type, client.apply(type, object));
    }

    private ResourceType<View> type(String apiVersion, String kind) {
        boolean core = !apiVersion.contains("/");
        var resources = client.call("GET", core ? "/api/" + apiVersion : "/apis/" + apiVersion, null, null)
                .get("resources");
        for (var resource : resources.views()) {
            if (!resource.get("kind").string().equals(kind)
                    || resource.get("name").string().contains("/")) continue;
            var parts = apiVersion.split("/");
            return ResourceType.untyped(
                    core ? "" : parts[0],
                    parts[parts.length - 1],
                    resource.get("name").string(),
                    kind,
                    resource.get("namespaced").bool());
        }
        throw new ApiException(
                ApiException.Reason.NOT_FOUND,
                "no matches for kind \"" + kind + "\" in version \"" + apiVersion + "\"");
    }

    /// How far an applied object is: empty when it is done.
    public String pending(Applied applied) {
        if (!applied.type().equals(Resources.DEPLOYMENTS.untyped())) return "";
        var live = client.get(applied.type(), applied.object().key());
        long wanted = live.spec().get("replicas").longOr(1);
        var status = live.status();
        boolean current = status.get("observedGeneration").longOr(0)
                >= live.metadata().get("generation").longOr(0);
        long updated = status.get("updatedReplicas").longOr(0);
        long available = status.get("availableReplicas").longOr(0);
        if (current
                && updated == wanted
                && available == wanted
                && status.get("replicas").longOr(0) == wanted) return "";
        return Math.min(updated, available) + " of " + wanted + " pods ready" + reasons(live);
    }

    /// Why pods of a Deployment are not ready yet, where they say so.
    private String reasons(View deployment) {
        var selector = LabelSelector.ofObject(deployment.spec().get("selector"));
        var pods = client.list(
                Resources.PODS.untyped(),
                deployment.namespace(),
                "labelSelector=" + Client.encode(selector.toString()));
        for (var pod : pods.get("items").views()) {
            for (var status : pod.status().get("containerStatuses").views()) {
                var waiting = status.get("state", "waiting");
                var reason = waiting.get("reason").string();
                if (!reason.isEmpty() && !reason.equals("ContainerCreating") && !reason.equals("PodInitializing"))
                    return " (" + pod.name() + ": " + reason + ": "
                            + waiting.get("message").string() + ")";
            }
            var scheduled = pod.status().get("conditions").find("type", "PodScheduled");
            if (scheduled.get("status").string().equals("False"))
                return " (" + pod.name() + ": " + scheduled.get("message").string() + ")";
        }
        return "";
    }
}
