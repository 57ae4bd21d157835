package io.navarch.client;

import io.navarch.model.DeleteOptions;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Calls of the Kubernetes API. Every failure is an [ApiException]; one to reach the server is `ServiceUnavailable`.
public final class Client {
    private static final String ITEMS = "items";

    private final Transport transport;
    private final String fieldManager;

    public Client(Transport transport, String fieldManager) {
        this.transport = transport;
        this.fieldManager = fieldManager;
    }

    /// The same client, whose writes are those of another field manager.
    public Client as(String manager) {
        return new Client(transport, manager);
    }

    /// The same client, whose calls are counted.
    public Client counted(CallMetrics metrics) {
        return new Client(new CountedTransport(transport, metrics), fieldManager);
    }

    public <T extends Lens> T get(ResourceType<T> type, ObjectKey key) {
        return type.read(get(type.path(key.namespace(), key.name(), "")));
    }

    /// Whatever is served at a path.
    public View get(String uri) {
        return call("GET", uri, null, null);
    }

    /// The object, or one that does not exist.
    public <T extends Lens> T find(ResourceType<T> type, ObjectKey key) {
        try {
            return get(type, key);
        } catch (ApiException e) {
            if (e.reason() == ApiException.Reason.NOT_FOUND) return type.absent();
            throw e;
        }
    }

    /// The object, or one that does not exist; nothing when it is the kind that the server does not know. Whoever
    /// acts on an absence must tell these apart: a kind that is not served now may be served again, with all its
    /// objects.
    public <T extends Lens> Optional<T> findIfServed(ResourceType<T> type, ObjectKey key) {
        try {
            return Optional.of(get(type, key));
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.NOT_FOUND) throw e;
            return e.concerns(key.name()) ? Optional.of(type.absent()) : Optional.empty();
        }
    }

    /// The objects of a list.
    public <T extends Lens> List<T> items(ResourceType<T> type, String namespace, String query) {
        return list(type, namespace, query).get(ITEMS).stream().map(type::read).toList();
    }

    /// The whole list object.
    public View list(ResourceType<?> type, String namespace, String query) {
        var list = call("GET", type.path(namespace, "", "") + (query.isEmpty() ? "" : "?" + query), null, null);
        var whole = new LinkedHashMap<>(list.map());
        whole.put(
                ITEMS,
                list.get(ITEMS).stream().map(item -> whole(type, item.map())).toList());
        return View.of(whole);
    }

    /// The objects of a list do not say themselves of what type they are.
    private static Map<String, Object> whole(ResourceType<?> type, Map<String, Object> object) {
        var whole = new LinkedHashMap<String, Object>();
        whole.put("apiVersion", type.apiVersion());
        whole.put("kind", type.kind());
        whole.putAll(object);
        return whole;
    }

    public <T extends Lens> T create(ResourceType<T> type, Map<String, Object> object) {
        var path = type.path(View.of(object).namespace(), "", "");
        return type.read(
                write("POST", path + "?fieldManager=" + fieldManager, "application/json", typed(type, object)));
    }

    public <T extends Lens> T create(ResourceType<T> type, T object) {
        return create(type, View.over(object).map());
    }

    /// The object with `apiVersion` and `kind`, which those who know its type need not say.
    private static byte[] typed(ResourceType<?> type, Map<String, Object> object) {
        return Json.write(whole(type, object));
    }

    /// Posts to a subresource such as `binding` or `token`.
    public View post(ResourceType<?> type, ObjectKey key, String subresource, Map<String, Object> body) {
        return call("POST", type.path(key.namespace(), key.name(), subresource), "application/json", Json.write(body));
    }

    public <T extends Lens> T update(ResourceType<T> type, Map<String, Object> object, String subresource) {
        var key = View.of(object).key();
        var path = type.path(key.namespace(), key.name(), subresource);
        return type.read(write("PUT", path + "?fieldManager=" + fieldManager, "application/json", typed(type, object)));
    }

    public <T extends Lens> T update(ResourceType<T> type, T object, String subresource) {
        return update(type, View.over(object).map(), subresource);
    }

    public <T extends Lens> T mergePatch(ResourceType<T> type, ObjectKey key, String subresource, Object patch) {
        var path = type.path(key.namespace(), key.name(), subresource);
        return type.read(write(
                "PATCH", path + "?fieldManager=" + fieldManager, "application/merge-patch+json", Json.write(patch)));
    }

    public <T extends Lens> T strategicPatch(ResourceType<T> type, ObjectKey key, String subresource, Object patch) {
        var path = type.path(key.namespace(), key.name(), subresource);
        return type.read(write(
                "PATCH",
                path + "?fieldManager=" + fieldManager,
                "application/strategic-merge-patch+json",
                Json.write(patch)));
    }

    public <T extends Lens> T apply(ResourceType<T> type, Map<String, Object> object) {
        return apply(type, object, "");
    }

    /// Applies what the object says, also of the part that a subresource such as `status` is; takes over the fields
    /// that others own.
    public <T extends Lens> T apply(ResourceType<T> type, Map<String, Object> object, String subresource) {
        var key = View.of(object).key();
        var path = type.path(key.namespace(), key.name(), subresource);
        return type.read(call(
                "PATCH",
                path + "?force=true&fieldManager=" + fieldManager,
                "application/apply-patch+yaml",
                typed(type, object)));
    }

    /// @param uid the object meant (`""`: whichever has the name)
    /// @param graceSeconds `null` for the object's own grace period
    public View delete(
            ResourceType<?> type, ObjectKey key, String uid, @Nullable Long graceSeconds, String propagation) {
        var options = DeleteOptions.builder().kind("DeleteOptions").apiVersion("v1");
        if (graceSeconds != null) options.gracePeriodSeconds(graceSeconds);
        if (!propagation.isEmpty()) options.propagationPolicy(propagation);
        if (!uid.isEmpty()) options.preconditions(preconditions -> preconditions.uid(uid));
        var body = Json.write(options.map());
        return write("DELETE", type.path(key.namespace(), key.name(), ""), "application/json", body);
    }

    /// Deletes every object of a resource in a namespace; dependents go in the background.
    public void deleteCollection(ResourceType<?> type, String namespace) {
        var options =
                DeleteOptions.builder().kind("DeleteOptions").apiVersion("v1").propagationPolicy("Background");
        call("DELETE", type.path(namespace, "", ""), "application/json", Json.write(options.map()));
    }

    public View call(String method, String uri, @Nullable String contentType, byte @Nullable [] body) {
        var bytes = answer(method, uri, contentType, body);
        return bytes.length == 0 ? View.ABSENT : View.of(Json.parse(bytes));
    }

    /// Who writes an object knows it, as caches do, without its managed fields: they are half of it.
    private View write(String method, String uri, String contentType, byte[] body) {
        var bytes = answer(method, uri, contentType, body);
        return bytes.length == 0 ? View.ABSENT : View.of(Json.parseUnmanaged(bytes));
    }

    private byte[] answer(String method, String uri, @Nullable String contentType, byte @Nullable [] body) {
        try (var response = transport.send(method, uri, contentType, body)) {
            if (response.status() >= 400) throw Transport.refusal(response);
            return response.body().readAllBytes();
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    static ApiException unreachable(IOException e) {
        return new ApiException(
                ApiException.Reason.SERVICE_UNAVAILABLE, "the server is not reachable: " + e.getMessage());
    }

    /// A call whose answer is read as it comes.
    public Transport.Response stream(String method, String uri) {
        try {
            var response = transport.send(method, uri, null, null);
            if (response.status() < 400) return response;
            throw Transport.refusal(response);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /// The events of a watch.
    public Events watch(String uri) throws IOException {
        return transport.watch(uri);
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
