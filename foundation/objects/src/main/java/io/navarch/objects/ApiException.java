package io.navarch.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A failed API call: the one closed set of reasons, shared by the server (which encodes it) and every client.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
public class ApiException extends RuntimeException {
    public enum Reason {
        BAD_REQUEST("BadRequest", 400),
        UNAUTHORIZED("Unauthorized", 401),
        FORBIDDEN("Forbidden", 403),
        NOT_FOUND("NotFound", 404),
        METHOD_NOT_ALLOWED("MethodNotAllowed", 405),
        NOT_ACCEPTABLE("NotAcceptable", 406),
        ALREADY_EXISTS("AlreadyExists", 409),
        CONFLICT("Conflict", 409),
        GONE("Gone", 410),
        EXPIRED("Expired", 410),
        REQUEST_ENTITY_TOO_LARGE("RequestEntityTooLarge", 413),
        UNSUPPORTED_MEDIA_TYPE("UnsupportedMediaType", 415),
        INVALID("Invalid", 422),
        TOO_MANY_REQUESTS("TooManyRequests", 429),
        INTERNAL_ERROR("InternalError", 500),
        SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
        TIMEOUT("Timeout", 504),
        /// An error that none of the others describes.
        UNKNOWN("", 500);

        private final String text;
        private final int code;

        Reason(String text, int code) {
            this.text = text;
            this.code = code;
        }

        public String text() {
            return text;
        }

        public int code() {
            return code;
        }
    }

    private final Reason reason;
    /// `null` where the `Status` has none; an empty map is written as such.
    private final transient @Nullable Map<String, Object> details;
    private final transient Map<String, Object> metadata;
    /// What somebody else has answered, which may be of no reason and code that there is here.
    private final transient @Nullable Map<String, Object> told;

    private ApiException(
            Reason reason, String message, @Nullable Map<String, Object> details, Map<String, Object> metadata) {
        this(reason, message, details, metadata, null);
    }

    private ApiException(
            Reason reason,
            String message,
            @Nullable Map<String, Object> details,
            Map<String, Object> metadata,
            @Nullable Map<String, Object> told) {
        super(message, null, false, false);
        this.reason = reason;
        this.details = details;
        this.metadata = metadata;
        this.told = told;
    }

    /// A refusal in somebody else's words: a `Status` with a message and a code.
    public static ApiException told(Map<String, Object> status) {
        var view = View.of(status);
        return new ApiException(
                Reason.UNKNOWN,
                view.get("message").string(),
                view.get("details").map(),
                Map.of(),
                status);
    }

    public ApiException(Reason reason, String message, Map<String, Object> details) {
        this(reason, message, details, Map.of());
    }

    /// The same error; its `Status` carries list metadata.
    public ApiException withMetadata(Map<String, Object> listMetadata) {
        return new ApiException(reason, message(), details, listMetadata);
    }

    /// The same error with another message.
    public ApiException reworded(String message) {
        return new ApiException(reason, message, details, Map.of());
    }

    public ApiException(Reason reason, String message) {
        this(reason, message, null, Map.of());
    }

    public String message() {
        return Objects.requireNonNullElse(getMessage(), "");
    }

    public Reason reason() {
        return reason;
    }

    public int code() {
        return told == null ? reason.code : (int) View.of(told).get("code").longOr(reason.code);
    }

    public Map<String, Object> details() {
        return details == null ? Map.of() : details;
    }

    /// Whether the details name an object of this name.
    public boolean concerns(String name) {
        return View.of(details).get("name").string().equals(name);
    }

    /// Whether the details name a cause, such as `NamespaceTerminating`.
    public boolean hasCause(String cause) {
        return View.of(details).get("causes").find("reason", cause).exists();
    }

    /// The `Status` object of this error.
    public Map<String, Object> status() {
        if (told != null) return toldStatus(told);
        return Trees.map(
                "kind",
                "Status",
                "apiVersion",
                "v1",
                "metadata",
                metadata,
                "status",
                "Failure",
                "message",
                message(),
                "reason",
                reason.text.isEmpty() ? null : reason.text,
                "details",
                details,
                "code",
                (long) reason.code);
    }

    private static Map<String, Object> toldStatus(Map<String, Object> told) {
        var status = Trees.map("kind", "Status", "apiVersion", "v1", "metadata", Trees.map());
        for (var field : List.of("status", "message", "reason", "details", "code"))
            if (told.get(field) != null) status.put(field, told.get(field));
        return status;
    }

    /// The error that a received `Status` describes; if its reason is unknown, by its code.
    public static ApiException of(int code, View status) {
        var text = status.get("reason").string();
        for (var reason : Reason.values()) {
            if (reason.text.equals(text)) {
                return new ApiException(
                        reason,
                        status.get("message").string(),
                        status.get("details").map());
            }
        }
        for (var reason : Reason.values()) {
            if (reason.code == code)
                return new ApiException(reason, status.get("message").stringOr("HTTP " + code));
        }
        return new ApiException(Reason.INTERNAL_ERROR, status.get("message").stringOr("HTTP " + code));
    }

    /// A call has taken as long as any may.
    public static ApiException late() {
        return new ApiException(Reason.TIMEOUT, "Timeout: request did not complete within the allotted duration");
    }

    public static ApiException badRequest(String message) {
        return new ApiException(Reason.BAD_REQUEST, message);
    }

    public static ApiException notFound(String resource, String group, String name) {
        var qualified = group.isEmpty() ? resource : resource + "." + group;
        return new ApiException(
                Reason.NOT_FOUND, qualified + " \"" + name + "\" not found", details(resource, group, name));
    }

    public static ApiException alreadyExists(String resource, String group, String name) {
        var qualified = group.isEmpty() ? resource : resource + "." + group;
        return new ApiException(
                Reason.ALREADY_EXISTS, qualified + " \"" + name + "\" already exists", details(resource, group, name));
    }

    public static ApiException conflict(String resource, String group, String name, String why) {
        var qualified = group.isEmpty() ? resource : resource + "." + group;
        return new ApiException(
                Reason.CONFLICT,
                "Operation cannot be fulfilled on " + qualified + " \"" + name + "\": " + why,
                details(resource, group, name));
    }

    public static ApiException forbidden(String resource, String group, String name, String why) {
        var qualified = group.isEmpty() ? resource : resource + "." + group;
        return new ApiException(
                Reason.FORBIDDEN,
                qualified + (name.isEmpty() ? "" : " \"" + name + "\"") + " is forbidden: " + why,
                details(resource, group, name));
    }

    /// 422 with all errors of an object: `Kind.group "name" is invalid: …`
    public static ApiException invalid(String group, String kind, String name, List<FieldError> errors) {
        var qualified = group.isEmpty() ? kind : kind + "." + group;
        var causes = new ArrayList<Object>();
        for (var error : errors) causes.add(error.cause());
        var texts = errors.stream().map(FieldError::toString).distinct().toList();
        var joined = texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
        var details = Trees.map(
                "name",
                name.isEmpty() ? null : name,
                "group",
                group.isEmpty() ? null : group,
                "kind",
                kind.isEmpty() ? null : kind,
                "causes",
                causes);
        return new ApiException(Reason.INVALID, qualified + " \"" + name + "\" is invalid: " + joined, details);
    }

    public static Map<String, Object> details(String resource, String group, String name) {
        return Trees.map(
                "name", name.isEmpty() ? null : name, "group", group.isEmpty() ? null : group, "kind", resource);
    }
}
