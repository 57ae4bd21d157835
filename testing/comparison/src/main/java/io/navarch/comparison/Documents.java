package io.navarch.comparison;

import java.util.Optional;
import java.util.stream.Stream;

/// What the API says of itself.
final class Documents {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private Documents() {}

    static Stream<Call> calls() {
        var discovery = Stream.of(
                        "/api",
                        "/apis",
                        "/api/v1",
                        "/apis/apps",
                        "/apis/apps/v1",
                        "/apis/batch/v1",
                        "/apis/none",
                        "/apis/none/v1",
                        "/apis/apps/v2",
                        "/api/v2",
                        "/version",
                        "/healthz",
                        "/livez",
                        "/readyz",
                        "/nonsense",
                        "/",
                        "/openapi/v3",
                        "/metrics/nonsense")
                .map(path -> Call.get(path, path));
        var aggregated = Stream.of("/api", "/apis")
                .map(path -> new Call(path + " aggregated", "GET", path, AGGREGATED, Optional.empty()));
        return Stream.concat(discovery, aggregated);
    }
}
