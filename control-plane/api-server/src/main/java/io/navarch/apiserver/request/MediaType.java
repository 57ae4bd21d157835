package io.navarch.apiserver.request;

import io.navarch.objects.ApiException;
import io.navarch.schema.protobuf.Protobuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The form of an answer that a client accepts: its encoding, and whole objects or a `Table` or their metadata alone.
public record MediaType(Format format, String as, String version, String group) {
    public enum Format {
        JSON(ContentTypes.JSON),
        YAML(ContentTypes.YAML),
        PROTOBUF(Protobuf.MEDIA_TYPE);

        public final String type;

        Format(String type) {
            this.type = type;
        }
    }

    public static final MediaType JSON = new MediaType(Format.JSON, "", "", "");
    private static final List<String> FORMS = List.of("Table", "PartialObjectMetadata", "PartialObjectMetadataList");

    /// Whether objects are answered as they are kept.
    public boolean plain() {
        return format == Format.JSON && as.isEmpty();
    }

    public boolean yaml() {
        return format == Format.YAML;
    }

    public boolean protobuf() {
        return format == Format.PROTOBUF;
    }

    public boolean table() {
        return as.equals("Table");
    }

    public boolean metadataOnly() {
        return as.equals("PartialObjectMetadata") || as.equals("PartialObjectMetadataList");
    }

    /// The entry of an `Accept` header that the client prefers among those that can be served.
    ///
    /// @param forms whether there are other forms than whole objects
    /// @param offered the encodings that can be served
    /// @throws ApiException 406 when none of them can
    public static MediaType accepted(String header, boolean forms, Predicate<Format> offered) {
        if (header.isBlank()) return JSON;
        for (var entry : entries(header)) {
            var as = entry.parameters.getOrDefault("as", "");
            var version = entry.parameters.getOrDefault("v", "");
            if (!as.isEmpty() && !(forms && FORMS.contains(as))) continue;
            if (as.equals("Table") && !List.of("v1", "v1beta1").contains(version)) continue;
            var format = format(entry.type).filter(offered);
            // A Table has no protobuf message.
            if (format.isEmpty() || format.get() == Format.PROTOBUF && as.equals("Table")) continue;
            return new MediaType(format.get(), as, version, entry.parameters.getOrDefault("g", ""));
        }
        var types = new ArrayList<String>();
        for (var format : Format.values()) if (offered.test(format)) types.add(format.type);
        throw new ApiException(
                ApiException.Reason.NOT_ACCEPTABLE,
                "only the following media types are accepted: " + String.join(", ", types));
    }

    /// Whether the router takes the call at all: it looks at whole media types only, without their parameters.
    ///
    /// @param lists whether the answer is a list, which could also be a stream
    /// @throws ApiException 406 when none of them is offered
    public static void checkRoute(String header, boolean lists, Predicate<Format> offered) {
        if (header.isEmpty()) return;
        var available = new ArrayList<String>();
        for (var format : Format.values()) if (offered.test(format)) available.add(format.type);
        for (var part : header.split(",")) {
            var type = part.split(";", 2)[0].strip();
            if (type.equals("*/*") || available.contains(type)) return;
        }
        if (lists) {
            for (var format : List.of(Format.JSON, Format.PROTOBUF))
                if (offered.test(format)) available.add(format.type + ";stream=watch");
        }
        throw new ApiException(
                ApiException.Reason.NOT_ACCEPTABLE,
                "406: Not Acceptable\n\nAvailable representations: " + String.join(", ", available),
                Map.of());
    }

    private static Optional<Format> format(String type) {
        return switch (type) {
            case ContentTypes.JSON, "*/*", "application/*" -> Optional.of(Format.JSON);
            case ContentTypes.YAML -> Optional.of(Format.YAML);
            case Protobuf.MEDIA_TYPE -> Optional.of(Format.PROTOBUF);
            default -> Optional.empty();
        };
    }

    public record Entry(String type, double quality, Map<String, String> parameters) {}

    /// The entries of an `Accept` header, the most preferred first.
    public static List<Entry> entries(String header) {
        var result = new ArrayList<Entry>();
        for (var part : header.split(",")) {
            var pieces = part.split(";");
            var parameters = new HashMap<String, String>();
            for (int i = 1; i < pieces.length; i++) {
                var pair = pieces[i].split("=", 2);
                if (pair.length == 2) parameters.put(pair[0].strip(), pair[1].strip());
            }
            result.add(new Entry(pieces[0].strip(), quality(parameters.getOrDefault("q", "")), parameters));
        }
        result.sort(Comparator.comparingDouble(Entry::quality).reversed());
        return result;
    }

    private static double quality(String text) {
        try {
            return text.isEmpty() ? 1 : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
