package io.navarch.apiserver.admission;

import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.subresource.QueryOptions;
import java.util.Map;
import java.util.Optional;

/// The query of a call that leads elsewhere, as the object that it stands for: `PodExecOptions`, `NodeProxyOptions`.
record ConnectOptions(ObjectType type, Map<String, Object> tree) {
    private static final String OPTIONS = "Options";

    /// Empty for a call whose query is none: it reads, such as a log.
    static Optional<ConnectOptions> of(ResourceRequest request) {
        var subresource = request.info().subresource();
        return request.endpoint().kind().connects().stream()
                .filter(connect ->
                        connect.name().equals(subresource) && connect.kind().endsWith(OPTIONS))
                .findFirst()
                .map(connect -> of(request, connect));
    }

    private static ConnectOptions of(ResourceRequest request, KindDefinition.Connect connect) {
        var version = request.endpoint().version().name();
        var type = new ObjectType(request.endpoint().kind().group(), version, connect.kind());
        return new ConnectOptions(
                type,
                QueryOptions.ofConnection(
                        type.kind(), type.apiVersion(), request.call().query()));
    }
}
