package io.navarch.cli;

import io.navarch.client.Client;
import io.navarch.client.Discovery;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
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
    public record Applied(ResourceType<AnyObject> type, AnyObject object) {
        public String title() {
            return type.kind().toLowerCase(Locale.ROOT) + "/" + object.name();
        }
    }

    private static final String DEFAULT_NAMESPACE = "default";
    /// Where a `List`, which is no kind but an envelope, has its objects.
    private static final String ITEMS = "items";

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
                    if (new AnyObject(map).kind().equals("List"))
                        View.of(map).get(ITEMS).list().forEach(item -> result.add((Map<String, Object>) item));
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
        var wanted = new AnyObject(object);
        var type = type(wanted.apiVersion(), wanted.kind());
        if (type.namespaced()) Trees.putIfAbsent(object, DEFAULT_NAMESPACE, AnyObject.METADATA, ObjectMeta.NAMESPACE);
        return new Applied(type, client.apply(type, object));
    }

    private ResourceType<AnyObject> type(String apiVersion, String kind) {
        return Discovery.of(client, apiVersion).stream()
                .filter(type -> type.kind().equals(kind))
                .findFirst()
                .map(type ->
                        AnyObject.resource(type.group(), type.version(), type.plural(), type.kind(), type.namespaced()))
                .orElseThrow(() -> new ApiException(
                        ApiException.Reason.NOT_FOUND,
                        "no matches for kind \"" + kind + "\" in version \"" + apiVersion + "\""));
    }
}
