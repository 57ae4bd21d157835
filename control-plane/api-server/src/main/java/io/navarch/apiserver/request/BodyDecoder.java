package io.navarch.apiserver.request;

import io.navarch.http.BodyTooLargeException;
import io.navarch.http.BodyTooSlowException;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.walk.CanonicalForm;
import io.navarch.schema.walk.GoTypeErrors;
import io.navarch.schema.walk.Pruning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Reads request bodies: the size limit, the codecs, the type, and what `fieldValidation` says of unknown fields.
public final class BodyDecoder {
    /// The limit of kube-apiserver.
    static final int LIMIT = 3 << 20;

    private BodyDecoder() {}

    public record Body(Map<String, Object> tree, List<String> duplicates) {}

    public static byte[] read(RequestContext context) throws IOException {
        try {
            if (context.body == null) context.body = context.call().body(LIMIT);
            return context.body;
        } catch (BodyTooLargeException e) {
            throw new ApiException(
                    ApiException.Reason.REQUEST_ENTITY_TOO_LARGE, "Request entity too large: limit is " + LIMIT);
        } catch (BodyTooSlowException e) {
            throw new ApiException(ApiException.Reason.TIMEOUT, "Timeout: " + e.getMessage());
        }
    }

    @SuppressWarnings("unchecked")
    public static Body object(RequestContext context, byte[] bytes) {
        var type = context.call().header("Content-Type").split(";")[0].strip();
        Json.Document document;
        try {
            document = switch (type) {
                case "", "application/json" -> Json.read(bytes);
                case Protobuf.MEDIA_TYPE -> new Json.Document(context.protobuf.decode(bytes), List.of());
                case "application/yaml" -> Yaml.read(new String(bytes, StandardCharsets.UTF_8));
                default ->
                    throw new ApiException(
                            ApiException.Reason.UNSUPPORTED_MEDIA_TYPE,
                            "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf");
            };
        } catch (Json.MalformedException e) {
            throw ApiException.badRequest("the object provided is unrecognized (must be of type "
                    + context.endpoint.kind().kind() + "): couldn't get version/kind; json parse error: "
                    + e.getMessage());
        }
        if (!(document.tree() instanceof Map<?, ?> map)) {
            throw ApiException.badRequest("the object provided is unrecognized (must be of type "
                    + context.endpoint.kind().kind() + ")");
        }
        return new Body((Map<String, Object>) map, document.duplicates());
    }

    /// Checks kind and version, then fields and types, of an object in the endpoint's version.
    public static void check(RequestContext context, Body body) {
        var endpoint = context.endpoint;
        var view = View.of(body.tree);
        var kind = view.get("kind").string();
        var version = view.get("apiVersion").string();
        if (!kind.isEmpty() && !kind.equals(endpoint.kind().kind())
                || !version.isEmpty() && !version.equals(endpoint.apiVersion())) {
            throw ApiException.badRequest(
                    version.equals(endpoint.apiVersion()) || version.isEmpty()
                            ? kind + " in version \"" + endpoint.version().name() + "\" cannot be handled as a "
                                    + endpoint.kind().kind() + ": no kind \"" + kind + "\" is registered for version \""
                                    + endpoint.apiVersion() + "\""
                            : "the API version in the data (" + version + ") does not match the expected API version ("
                                    + endpoint.apiVersion() + ")");
        }
        body.tree.put("kind", endpoint.kind().kind());
        body.tree.put("apiVersion", endpoint.apiVersion());
        fields(context, body.tree, body.duplicates, ApiException::badRequest);
    }

    /// Applies the kind's normal form, prunes what the schema does not know, and refuses wrong types.
    ///
    /// @param refusal what is answered to a value of a wrong type
    public static void fields(
            RequestContext context,
            Map<String, Object> tree,
            List<String> duplicates,
            Function<String, ApiException> refusal) {
        var endpoint = context.endpoint;
        endpoint.kind().readOldForm(tree).forEach(context::warn);
        endpoint.kind().normalise(tree);
        var schema = endpoint.version().schema();
        if (!endpoint.kind().custom()) {
            var error = GoTypeErrors.find(tree, schema, endpoint.kind().kind());
            if (error.isPresent()) {
                throw refusal.apply(endpoint.kind().kind() + " in version \""
                        + endpoint.version().name() + "\" cannot be handled as a "
                        + endpoint.kind().kind() + ": " + error.get());
            }
        }
        var unknown = new ArrayList<String>();
        Pruning.prune(tree, schema, "", unknown);
        // The metadata of custom resources is as typed as that of all others.
        if (endpoint.kind().custom()) CanonicalForm.apply(tree.get("metadata"), schema.property("metadata"));
        else CanonicalForm.apply(tree, schema);
        var complaints = new ArrayList<String>();
        for (var field : unknown) complaints.add("unknown field \"" + field + "\"");
        for (var field : duplicates) complaints.add("duplicate field \"" + field + "\"");
        if (complaints.isEmpty()) return;
        switch (context.call().query("fieldValidation")) {
            case "Strict" ->
                throw ApiException.badRequest(endpoint.kind().kind() + " in version \""
                        + endpoint.version().name() + "\" cannot be handled as a "
                        + endpoint.kind().kind() + ": strict decoding error: " + String.join(", ", complaints));
            case "Ignore" -> {}
            default -> complaints.forEach(context::warn);
        }
    }

    /// An object that is answered, not stored: reviews, bindings, options.
    public static Map<String, Object> plain(RequestContext context) throws IOException {
        var bytes = read(context);
        return bytes.length == 0 ? Trees.map() : object(context, bytes).tree;
    }
}
