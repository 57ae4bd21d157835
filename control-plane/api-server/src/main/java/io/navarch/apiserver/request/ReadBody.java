package io.navarch.apiserver.request;

import io.navarch.model.AnyObject;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.protobuf.Protobuf;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An object as it was sent: its tree, and the keys that it has twice.
///
/// @param tree the caller's own
record ReadBody(Map<String, Object> tree, List<Json.Duplicate> duplicates) {
    /// Why something is no object at all.
    static final class UnreadableException extends Exception {
        UnreadableException(String why) {
            super(why);
        }
    }

    /// So much of what cannot be read is shown.
    private static final int SHOWN = 30;
    private static final String NO_TYPE = "couldn't get version/kind; json parse error: ";
    private static final String TYPE_STRUCT =
            "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

    /// @param contentType a media type that is known, or `""`
    static ReadBody of(String contentType, byte[] bytes, Protobuf protobuf) throws UnreadableException {
        var document = document(contentType, bytes, protobuf);
        // Where there is nothing, Go's decoder leaves the object as it was: empty.
        var tree = document.tree() == null ? new LinkedHashMap<String, Object>() : document.tree();
        if (!(tree instanceof Map<?, ?>)) {
            throw new UnreadableException(
                    NO_TYPE + "json: cannot unmarshal " + GoText.kind(tree) + " into Go value of type " + TYPE_STRUCT);
        }
        var map = View.of(tree).map();
        checkType(map);
        return new ReadBody(map, document.duplicates());
    }

    private static Json.Document document(String contentType, byte[] bytes, Protobuf protobuf)
            throws UnreadableException {
        try {
            return switch (contentType) {
                case ContentTypes.YAML -> Yaml.read(bytes);
                case Protobuf.MEDIA_TYPE -> new Json.Document(protobuf.decode(bytes), List.of());
                default -> Json.read(bytes);
            };
        } catch (Json.MalformedException e) {
            boolean json = !contentType.equals(ContentTypes.YAML) && !contentType.equals(Protobuf.MEDIA_TYPE);
            throw new UnreadableException((json ? NO_TYPE : "") + e.getMessage());
        }
    }

    private static void checkType(Map<String, Object> tree) throws UnreadableException {
        var error = typeError(tree);
        if (error.isPresent()) throw new UnreadableException(error.get());
    }

    /// Why nobody can say what kind of object it is.
    static Optional<String> typeError(Map<String, Object> tree) {
        for (var entry : tree.entrySet()) {
            var name = entry.getKey();
            boolean type = name.equals(AnyObject.KIND) || name.equals(AnyObject.API_VERSION);
            if (!type || entry.getValue() == null || entry.getValue() instanceof String) continue;
            return Optional.of(NO_TYPE + "json: cannot unmarshal " + GoText.kind(entry.getValue())
                    + " into Go struct field ." + name + " of type string");
        }
        var version = View.of(tree).get(AnyObject.API_VERSION).string();
        boolean unexpected = version.chars().filter(c -> c == '/').count() > 1;
        return unexpected ? Optional.of("unexpected GroupVersion string: " + version) : Optional.empty();
    }

    /// The beginning of a body, as errors show it.
    static String summary(byte[] bytes) {
        if (bytes.length == 0) return "<empty>";
        int end = Math.min(bytes.length, SHOWN);
        var begin = bytes[0] == '{'
                ? new String(bytes, 0, end, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(bytes, 0, end);
        return bytes.length > SHOWN ? begin + " ..." : begin;
    }
}
