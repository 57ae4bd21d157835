package io.navarch.apiserver.custom;

import io.navarch.apiserver.custom.ConversionMetrics.Failure;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.FieldError;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a webhook may make of objects: anything but what they are called and who they are; of metadata only labels and
/// annotations. Pure.
final class ConvertedObjects {
    private static final int MOST_ANNOTATIONS = 256 << 10;
    private static final String REVIEW = "apiextensions.k8s.io/v1";
    private static final List<String> SAME = List.of(ObjectMeta.NAME, ObjectMeta.NAMESPACE, ObjectMeta.UID);

    private ConvertedObjects() {}

    /// The objects of an answer.
    ///
    /// @param uid of the request
    static List<@Nullable Object> listed(View answer, String review, String uid) throws ConversionFailedException {
        var version = answer.get(AnyObject.API_VERSION).string();
        var kind = answer.get(AnyObject.KIND).string();
        boolean strict = review.equals(REVIEW);
        if (strict && !(version.equals(review) && kind.equals("ConversionReview")))
            throw malformed("expected webhook response of " + review + ", Kind=ConversionReview, got "
                    + slashed(version) + ", Kind=" + kind);
        var response = answer.get("response");
        if (!response.isMap()) throw malformed("no response provided");
        var answered = response.get("uid").string();
        if (strict && !answered.equals(uid))
            throw malformed("expected response.uid=" + GoText.quoted(uid) + ", got " + GoText.quoted(answered));
        var result = response.get("result");
        var status = result.get("status").string();
        if (status.equals("Success"))
            return new ArrayList<>(response.get("convertedObjects").list());
        var message = result.get("message").string();
        throw malformed(message.isEmpty() ? "response.result.status was '" + status + "', not 'Success'" : message);
    }

    private static ConversionFailedException malformed(String why) {
        return new ConversionFailedException(Failure.MALFORMED, "failed: " + why);
    }

    private static String slashed(String version) {
        return version.contains("/") ? version : "/" + version;
    }

    /// An object that may stand for what was sent.
    ///
    /// @param of what it is called where it is one of many
    static Map<String, Object> checked(
            Map<String, Object> sent, @Nullable Object converted, String apiVersion, String of, int index)
            throws ConversionFailedException {
        var before = View.of(sent);
        var after = View.of(converted);
        var at = "returned invalid " + of + "object at index " + index + ": ";
        if (!after.isMap()) throw invalid(at + notAnObject(converted));
        var kind = after.get(AnyObject.KIND).string();
        if (kind.isEmpty()) throw invalid(at + "Object 'Kind' is missing in '" + Json.writeString(converted) + "'");
        var version = after.get(AnyObject.API_VERSION).string();
        if (!version.equals(apiVersion))
            throw invalid(at + "invalid groupVersion (expected " + apiVersion + ", received " + version + ")");
        var expected = before.get(AnyObject.KIND).string();
        if (!kind.equals(expected))
            throw invalid(at + "invalid kind (expected " + typed(before) + ", received " + typed(after) + ")");
        var whole = of.isEmpty() ? "returned invalid object: " : at;
        for (var field : SAME) {
            var was = before.metadata().get(field).string();
            var is = after.metadata().get(field).string();
            var named = field.equals(ObjectMeta.UID) ? "UID" : field;
            if (!was.equals(is)) throw invalid(whole + "must have the same " + named + ": " + was + " != " + is);
        }
        var result = Trees.copy(after.map());
        try {
            result.put(AnyObject.METADATA, metadata(before, after));
        } catch (IllegalArgumentException e) {
            var wrong = of.isEmpty()
                    ? "returned invalid metadata: "
                    : "returned invalid metadata in object at index " + index + ": ";
            throw invalid(wrong + e.getMessage());
        }
        return result;
    }

    private static String typed(View object) {
        return object.get(AnyObject.KIND).string();
    }

    private static String notAnObject(@Nullable Object value) {
        if (value == null) return "unexpected end of JSON input";
        return "couldn't get version/kind; json parse error: json: cannot unmarshal " + GoText.kind(value)
                + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                + " \"json:\\\"kind,omitempty\\\"\" }";
    }

    private static ConversionFailedException invalid(String message) {
        return new ConversionFailedException(Failure.INVALID_OBJECT, message);
    }

    /// The metadata as they were, with the labels and annotations that the webhook gave.
    ///
    /// @throws IllegalArgumentException with what is wrong with these
    private static Map<String, Object> metadata(View before, View after) {
        var told = after.get(AnyObject.METADATA);
        if (!after.map().containsKey(AnyObject.METADATA))
            throw new IllegalArgumentException("missing metadata in converted object");
        if (!told.isMap())
            throw new IllegalArgumentException("invalid metadata of type " + type(told) + " in converted object");
        var result = Trees.copy(before.metadata().map());
        for (var field : List.of(ObjectMeta.LABELS, ObjectMeta.ANNOTATIONS)) {
            var given = told.get(field);
            result.remove(field);
            if (!given.exists()) continue;
            if (!given.isMap())
                throw new IllegalArgumentException(
                        "invalid metadata." + field + " of type " + type(given) + " in converted object");
            texts(field, given);
            var was = before.metadata().get(field);
            if (!Trees.same(given.value(), was.value())) check(field, given);
            result.put(field, Trees.copy(given.map()));
        }
        return result;
    }

    private static String type(View value) {
        return GoText.type(value.value());
    }

    private static void texts(String field, View given) {
        given.map().forEach((key, value) -> {
            if (!(value instanceof String))
                throw new IllegalArgumentException("metadata." + field + "[" + key + "] must be a string, but is "
                        + GoText.type(value) + " in converted object");
        });
    }

    private static void check(String field, View given) {
        var errors = new ArrayList<FieldError>();
        long bytes = 0;
        boolean labels = field.equals(ObjectMeta.LABELS);
        var path = labels ? "metadata.labels" : "metadata.annotation";
        for (var entry : given.stringMap().entrySet()) {
            var key = entry.getKey();
            for (var wrong : Names.qualifiedName(labels ? key : key.toLowerCase(Locale.ROOT)))
                errors.add(FieldError.invalid(path, key, wrong));
            if (labels)
                for (var wrong : Names.labelValue(entry.getValue()))
                    errors.add(FieldError.invalid(path, entry.getValue(), wrong));
            bytes += length(key) + length(entry.getValue());
        }
        if (!labels && bytes > MOST_ANNOTATIONS)
            errors.add(FieldError.tooLong(path, "may not be more than " + MOST_ANNOTATIONS + " bytes"));
        if (errors.isEmpty()) return;
        var told = errors.stream().map(FieldError::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(errors.size() == 1 ? told : "[" + told + "]");
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
