package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.client.Transport;
import io.navarch.model.AnyObject;
import io.navarch.objects.Json;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps objects by their paths and records every write; patches replace top-level fields.
final class ApiInMemory implements Transport {
    /// What is listed.
    private static final String NODES = "/api/v1/nodes";

    final Map<String, Map<String, Object>> objects = new ConcurrentHashMap<>();
    final List<String> writes = Collections.synchronizedList(new ArrayList<>());

    Client client() {
        return new Client(this, "test");
    }

    <T extends Lens> T get(ResourceType<T> type, String namespace, String name) {
        return client().get(type, new ObjectKey(namespace, name));
    }

    @Override
    public Response send(String method, String uri, @Nullable String contentType, byte @Nullable [] body) {
        var path = uri.replaceFirst("\\?.*", "");
        if (!method.equals("GET")) writes.add(method + " " + path);
        var known = objects.get(path);
        return switch (method) {
            case "GET" -> {
                if (path.equals(NODES)) yield answer(200, Trees.map("items", below(path)));
                yield known == null ? notFound() : answer(200, known);
            }
            case "POST" -> {
                var object = Json.parseMap(Objects.requireNonNull(body));
                var stored = path + "/" + new AnyObject(object).name();
                if (objects.putIfAbsent(stored, object) != null) throw new AssertionError("exists: " + stored);
                yield answer(201, object);
            }
            case "PATCH" -> {
                var target = objects.compute(path.replaceFirst("/status$", ""), (key, before) -> {
                    var after = before == null ? Trees.map() : Trees.copy(before);
                    after.putAll(Json.parseMap(Objects.requireNonNull(body)));
                    return after;
                });
                yield answer(200, target);
            }
            default -> throw new AssertionError(method);
        };
    }

    private List<Map<String, Object>> below(String path) {
        return objects.entrySet().stream()
                .filter(each -> each.getKey().startsWith(path + "/"))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Response notFound() {
        return answer(404, Trees.map("kind", "Status", "reason", "NotFound", "code", 404L, "message", "none"));
    }

    private static Response answer(int status, Map<String, Object> object) {
        return new Response(status, new ByteArrayInputStream(Json.write(object)), () -> {});
    }
}
