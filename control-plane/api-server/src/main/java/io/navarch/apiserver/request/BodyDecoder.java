package io.navarch.apiserver.request;

import io.navarch.http.BodyTooLargeException;
import io.navarch.http.BodyTooSlowException;
import io.navarch.http.HeaderNames;
import io.navarch.model.AnyObject;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Reads request bodies: the size limit, the codecs, and whether it is an object of the endpoint's kind at all.
public final class BodyDecoder {
    /// The limit of kube-apiserver.
    private static final int LIMIT = 3 << 20;

    private BodyDecoder() {}

    /// @param duplicates fields that were sent more than once
    private record Body(Map<String, Object> tree, List<String> duplicates) {}

    public static byte[] read(Call call) throws IOException {
        try {
            return call.body(LIMIT);
        } catch (BodyTooLargeException e) {
            throw new ApiException(
                    ApiException.Reason.REQUEST_ENTITY_TOO_LARGE, "Request entity too large: limit is " + LIMIT);
        } catch (BodyTooSlowException e) {
            throw new ApiException(ApiException.Reason.TIMEOUT, "Timeout: " + e.getMessage());
        }
    }

    /// The media type of the body, without parameters.
    public static String contentType(Call call) {
        return call.header(HeaderNames.CONTENT_TYPE).split(";")[0].strip();
    }

    /// An object of the endpoint's kind and version, with its fields and types checked.
    public static Map<String, Object> object(ResourceRequest request) throws IOException {
        var body = decode(request, read(request.call()));
        checkType(request.endpoint().apiVersion(), request, View.of(body.tree));
        stamp(request, body.tree);
        FieldValidation.apply(request, body.tree, body.duplicates, ApiException::badRequest);
        return body.tree;
    }

    /// An object that is answered, not stored, and checked by whoever answers it: bindings, evictions, options.
    public static Map<String, Object> unchecked(ResourceRequest request) throws IOException {
        var bytes = read(request.call());
        return bytes.length == 0 ? Trees.map() : decode(request, bytes).tree;
    }

    /// Writes the kind and version of the endpoint into an object.
    public static void stamp(ResourceRequest request, Map<String, Object> tree) {
        tree.put(AnyObject.KIND, request.endpoint().kind().kind());
        tree.put(AnyObject.API_VERSION, request.endpoint().apiVersion());
    }

    private static Body decode(ResourceRequest request, byte[] bytes) {
        var wanted = request.endpoint().kind().kind();
        Json.Document document;
        try {
            document = document(request, bytes);
        } catch (Json.MalformedException e) {
            throw ApiException.badRequest("the object provided is unrecognized (must be of type " + wanted
                    + "): couldn't get version/kind; json parse error: " + e.getMessage());
        }
        if (!(document.tree() instanceof Map<?, ?>)) {
            throw ApiException.badRequest("the object provided is unrecognized (must be of type " + wanted + ")");
        }
        return new Body(View.of(document.tree()).map(), document.duplicates());
    }

    private static Json.Document document(ResourceRequest request, byte[] bytes) {
        return switch (contentType(request.call())) {
            case "", ContentTypes.JSON -> Json.read(bytes);
            case Protobuf.MEDIA_TYPE ->
                new Json.Document(request.response().protobuf().decode(bytes), List.of());
            case ContentTypes.YAML -> Yaml.read(new String(bytes, StandardCharsets.UTF_8));
            default ->
                throw new ApiException(
                        ApiException.Reason.UNSUPPORTED_MEDIA_TYPE,
                        "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf");
        };
    }

    private static void checkType(String apiVersion, ResourceRequest request, View sent) {
        var wanted = request.endpoint().kind().kind();
        var kind = sent.get(AnyObject.KIND).string();
        var version = sent.get(AnyObject.API_VERSION).string();
        boolean sameVersion = version.isEmpty() || version.equals(apiVersion);
        if (!sameVersion) {
            throw ApiException.badRequest("the API version in the data (" + version
                    + ") does not match the expected API version (" + apiVersion + ")");
        }
        if (kind.isEmpty() || kind.equals(wanted)) return;
        throw ApiException.badRequest(
                kind + " in version \"" + request.endpoint().version().name() + "\" cannot be handled as a " + wanted
                        + ": no kind \"" + kind + "\" is registered for version \"" + apiVersion + "\"");
    }
}
