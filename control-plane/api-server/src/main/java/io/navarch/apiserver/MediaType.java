package io.navarch.apiserver;

import io.navarch.objects.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The form of an answer that a client accepts: JSON or YAML, whole objects or a `Table` or their metadata alone.
record MediaType(boolean yaml, String as, String version, String group) {
    static final MediaType JSON = new MediaType(false, "", "", "");

    boolean table() {
        return as.equals("Table");
    }

    boolean metadataOnly() {
        return as.equals("PartialObjectMetadata") || as.equals("PartialObjectMetadataList");
    }

    /// The first entry of an `Accept` header that can be served.
    ///
    /// @throws ApiException 406 when none can
    static MediaType accepted(String header, boolean resource) {
        if (header.isBlank()) return JSON;
        for (var entry : entries(header)) {
            var parameters = entry.parameters();
            var as = parameters.getOrDefault("as", "");
            boolean known = as.isEmpty()
                    || resource
                            && List.of("Table", "PartialObjectMetadata", "PartialObjectMetadataList")
                                    .contains(as);
            if (!known) continue;
            if (as.equals("Table") && !List.of("v1", "v1beta1").contains(parameters.getOrDefault("v", ""))) continue;
            switch (entry.type()) {
                case "application/json", "*/*", "application/*" -> {
                    return new MediaType(false, as, parameters.getOrDefault("v", ""), parameters.getOrDefault("g", ""));
                }
                case "application/yaml" -> {
                    return new MediaType(true, as, parameters.getOrDefault("v", ""), parameters.getOrDefault("g", ""));
                }
                default -> {}
            }
        }
        throw new ApiException(
                ApiException.Reason.NOT_ACCEPTABLE,
                "only the following media types are accepted: application/json, application/yaml");
    }

    record Entry(String type, Map<String, String> parameters) {}

    static List<Entry> entries(String header) {
        var result = new ArrayList<Entry>();
        for (var part : header.split(",")) {
            var pieces = part.split(";");
            var parameters = new java.util.HashMap<String, String>();
            for (int i = 1; i < pieces.length; i++) {
                var pair = pieces[i].split("=", 2);
                if (pair.length == 2) parameters.put(pair[0].strip(), pair[1].strip());
            }
            result.add(new Entry(pieces[0].strip(), parameters));
        }
        return result;
    }
}
