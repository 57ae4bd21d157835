package io.navarch.client;

import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Calls of the Kubernetes API. Every failure is an [ApiException]; one to reach the server is `ServiceUnavailable`.
public final class Client {
    private final Transport transport;
    private final String fieldManager;

    public Client(Transport transport, String fieldManager) {
        this.transport = transport;
        this.fieldManager = fieldManager;
    }

    public View get(ResourceType<View> type, ObjectKey key) {
        return call("GET", type.path(key.namespace(), key.name(), ""), null, null);
    }

    /// The object, absent when there is none.
    public View find(ResourceType<View> type, ObjectKey key) {
        try {
            return get(type, key);
        } catch (ApiException e) {
            if (e.reason() == ApiException.Reason.NOT_FOUND) return View.of(null);
            throw e;
        }
    }

    /// The whole list object.
    public View list(ResourceType<View> type, String namespace, String query) {
        return call("GET", type.path(namespace, "", "") + (query.isEmpty() ? "" : "?" + query), null, null);
    }

    public View create(ResourceType<View> type, Map<String, Object> object) {
        var path = type.path(View.of(object).namespace(), "", "");
        return call("POST", path + "?fieldManager=" + fieldManager, "application/json", typed(type, object));
    }

    private static byte[] typed(ResourceType<View> type, Map<String, Object> object) {
        object.putIfAbsent("apiVersion", type.apiVersion());
        object.putIfAbsent("kind", type.kind());
        return Json.write(object);
    }

    /// Posts to a subresource such as `binding` or `token`.
    public View post(ResourceType<View> type, ObjectKey key, String subresource, Map<String, Object> body) {
        return call("POST", type.path(key.namespace(), key.name(), subresource), "application/json", Json.write(body));
    }

    public View update(ResourceType<View> type, Map<String, Object> object, String subresource) {
        var key = View.of(object).key();
        var path = type.path(key.namespace(), key.name(), subresource);
        return call("PUT", path + "?fieldManager=" + fieldManager, "application/json", typed(type, object));
    }

    public View mergePatch(ResourceType<View> type, ObjectKey key, String subresource, Object patch) {
        var path = type.path(key.namespace(), key.name(), subresource);
        return call("PATCH", path + "?fieldManager=" + fieldManager, "application/merge-patch+json", Json.write(patch));
    }

    public View strategicPatch(ResourceType<View> type, ObjectKey key, String subresource, Object patch) {
        var path = type.path(key.namespace(), key.name(), subresource);
        return call(
                "PATCH",
                path + "?fieldManager=" + fieldManager,
                "application/strategic-merge-patch+json",
                Json.write(patch));
    }

    public View apply(ResourceType<View> type, Map<String, Object> object) {
        var key = View.of(object).key();
        var path = type.path(key.namespace(), key.name(), "");
        return call(
                "PATCH",
                path + "?force=true&fieldManager=" + fieldManager,
                "application/apply-patch+yaml",
                typed(type, object));
    }

    /// @param uid the object meant (`""`: whichever has the name)
    /// @param graceSeconds `null` for the object's own
    public View delete(ResourceType<View> type, ObjectKey key, String uid, Long graceSeconds, String propagation) {
        var options = Trees.map(
                "kind",
                "DeleteOptions",
                "apiVersion",
                "v1",
                "gracePeriodSeconds",
                graceSeconds,
                "propagationPolicy",
                propagation.isEmpty() ? null : propagation,
                "preconditions",
                uid.isEmpty() ? null : Trees.map("uid", uid));
        return call("DELETE", type.path(key.namespace(), key.name(), ""), "application/json", Json.write(options));
    }

    public View call(String method, String uri, String contentType, byte[] body) {
        try (var response = transport.send(method, uri, contentType, body)) {
            if (response.status() >= 400) throw Transport.refusal(response);
            var bytes = response.body().readAllBytes();
            return View.of(bytes.length == 0 ? null : Json.parse(bytes));
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
