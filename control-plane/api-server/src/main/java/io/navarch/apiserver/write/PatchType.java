package io.navarch.apiserver.write;

import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.ApiException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// The kinds of patches, in the order in which errors list them.
enum PatchType {
    JSON("application/json-patch+json"),
    MERGE("application/merge-patch+json"),
    STRATEGIC("application/strategic-merge-patch+json"),
    APPLY(ContentTypes.APPLY);

    private final String mediaType;

    PatchType(String mediaType) {
        this.mediaType = mediaType;
    }

    /// The kind of patch that the client sends.
    ///
    /// @throws ApiException 415 when it is none that the resource accepts
    static PatchType of(ResourceRequest request) {
        var sent = BodyDecoder.contentType(request.call());
        boolean custom = request.endpoint().kind().custom();
        for (var type : values()) {
            if (type.accepted(custom) && type.mediaType.equals(sent)) return type;
        }
        if (!custom)
            throw new ApiException(ApiException.Reason.UNSUPPORTED_MEDIA_TYPE, "415: Unsupported Media Type", Map.of());
        throw new ApiException(
                ApiException.Reason.UNSUPPORTED_MEDIA_TYPE,
                "the body of the request was in an unknown format - accepted media types include: "
                        + Arrays.stream(values())
                                .filter(type -> type.accepted(custom))
                                .map(type -> type.mediaType)
                                .collect(Collectors.joining(", ")));
    }

    /// Custom resources have no types that could say how a strategic merge works.
    private boolean accepted(boolean custom) {
        return !custom || this != STRATEGIC;
    }
}
