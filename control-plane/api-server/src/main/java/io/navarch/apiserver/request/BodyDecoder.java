package io.navarch.apiserver.request;

import io.navarch.http.BodyTooLargeException;
import io.navarch.http.BodyTooSlowException;
import io.navarch.http.HeaderNames;
import io.navarch.model.AnyObject;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.protobuf.Protobuf;
import io.navarch.schema.walk.GoTypeErrors;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Reads request bodies: the size limit, the codecs, and whether it is an object of the endpoint's kind at all.
public final class BodyDecoder {
    /// The limit of kube-apiserver.
    private static final int LIMIT = 3 << 20;

    private static final int YAML = 2;

    private static final String DELETE_OPTIONS = "DeleteOptions";
    private static final Set<String> READABLE = Set.of("", ContentTypes.JSON, ContentTypes.YAML, Protobuf.MEDIA_TYPE);

    private BodyDecoder() {}

    /// The body of a call that has a seat, which others get while it arrives: nobody waits for a slow sender.
    public static byte[] read(ResourceRequest request) throws IOException {
        return read(request.request());
    }

    /// The same for a call that another server answers.
    public static byte[] read(ApiRequest request) throws IOException {
        var call = request.call();
        if (call.arrived()) {
            var bytes = read(call);
            reserve(request, weight(request, bytes.length));
            return bytes;
        }
        reserve(request, weight(request, length(call)));
        var seat = request.response().seat();
        seat.leave();
        var bytes = read(call);
        try {
            if (seat.takeAgain()) return bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        throw BodyBudget.tooMany();
    }

    /// Of YAML more is made before it is an object.
    private static long weight(ApiRequest request, long bytes) {
        return contentType(request.call()).endsWith("yaml") ? bytes * YAML : bytes;
    }

    private static void reserve(ApiRequest request, long bytes) {
        boolean own = request.call().trusted().isPresent();
        if (!own && !request.response().reserve(bytes)) throw BodyBudget.tooMany();
    }

    /// How long a body will be at most.
    private static long length(Call call) {
        try {
            return Math.clamp(Long.parseLong(call.header(HeaderNames.CONTENT_LENGTH)), 0, LIMIT);
        } catch (NumberFormatException e) {
            return LIMIT;
        }
    }

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
        var body = decode(request, read(request), request.endpoint().kind().kind());
        checkType(request, View.of(body.tree()));
        stamp(request, body.tree());
        FieldValidation.apply(
                request,
                body.tree(),
                body.duplicates(),
                why -> ApiException.badRequest(FieldValidation.cannotBeHandled(request) + why));
        request.response().audited().ifPresent(record -> record.requested(body.tree()));
        return body.tree();
    }

    /// What is sent to a subresource, in a form that may be another than its resource's, with its fields and types
    /// checked: bindings, evictions, requests for tokens.
    public static Map<String, Object> ofSubresource(ResourceRequest request) throws IOException {
        return checked(request, SentForm.of(request));
    }

    /// What is to be sent to a subresource.
    public static SentForm formOf(ResourceRequest request) {
        return SentForm.of(request);
    }

    /// A Scale, whatever it is of.
    public static Map<String, Object> scale(ResourceRequest request) throws IOException {
        return checked(request, SentForm.scale());
    }

    private static Map<String, Object> checked(ResourceRequest request, SentForm form) throws IOException {
        var body = decode(request, read(request), form.kind());
        form.check(request, View.of(body.tree()));
        FieldValidation.apply(
                request, body.tree(), form.type(request), body.duplicates(), GoTypeErrors::find, form::refused);
        request.response().audited().ifPresent(record -> record.requested(body.tree()));
        return body.tree();
    }

    /// Checks that what a patch has made of a Scale is still one.
    public static void checkScale(
            ResourceRequest request,
            Map<String, Object> tree,
            List<Json.Duplicate> duplicates,
            FieldValidation.TypeCheck types,
            Function<String, ApiException> refusal) {
        FieldValidation.apply(request, tree, SentForm.scale().type(request), duplicates, types, refusal);
    }

    /// Writes the kind and version of the endpoint into an object.
    public static void stamp(ResourceRequest request, Map<String, Object> tree) {
        tree.put(AnyObject.KIND, request.endpoint().kind().kind());
        tree.put(AnyObject.API_VERSION, request.endpoint().apiVersion());
    }

    private static ReadBody decode(ResourceRequest request, byte[] bytes, String kind) {
        try {
            return readBody(request, bytes);
        } catch (ReadBody.UnreadableException e) {
            throw ApiException.badRequest("the object provided is unrecognized (must be of type " + kind + "): "
                    + e.getMessage() + " (" + ReadBody.summary(bytes) + ")");
        }
    }

    private static ReadBody readBody(ResourceRequest request, byte[] bytes) throws ReadBody.UnreadableException {
        var contentType = contentType(request.call());
        if (!READABLE.contains(contentType)) {
            throw new ApiException(
                    ApiException.Reason.UNSUPPORTED_MEDIA_TYPE,
                    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf");
        }
        return ReadBody.of(contentType, bytes, request.response().protobuf());
    }

    /// The options of a deletion that were sent as its body; absent if there is none. Nobody is told of fields
    /// that they do not have, whatever is asked for.
    public static View deleteOptions(ResourceRequest request) throws IOException {
        var bytes = read(request);
        if (bytes.length == 0) return View.ABSENT;
        try {
            var sent = View.of(readBody(request, bytes).tree());
            var kind = sent.get(AnyObject.KIND).stringOr(DELETE_OPTIONS);
            var version = sent.get(AnyObject.API_VERSION).stringOr("v1");
            if (!kind.equals(DELETE_OPTIONS)) throw ApiException.badRequest(SentType.unregistered(kind, version));
            request.response().audited().ifPresent(record -> record.requested(sent.map()));
            return sent;
        } catch (ReadBody.UnreadableException e) {
            throw ApiException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static void checkType(ResourceRequest request, View sent) {
        var type = SentType.of(request, sent);
        var error = type.error();
        if (error.isPresent()) {
            throw ApiException.badRequest(type.kind() + " in version \"" + type.ownVersion()
                    + "\" cannot be handled as a " + request.endpoint().kind().kind() + ": " + error.get());
        }
        var expected = request.endpoint().apiVersion();
        if (type.apiVersion().equals(expected)) return;
        throw ApiException.badRequest("the API version in the data (" + type.apiVersion()
                + ") does not match the expected API version (" + expected + ")");
    }
}
