package io.navarch.apps;

import io.navarch.client.Cache;
import io.navarch.http.HttpClient;
import io.navarch.images.NodeRegistry;
import io.navarch.images.RegistryNames;
import io.navarch.join.Membership;
import io.navarch.model.EndpointSlice;
import io.navarch.objects.ObjectKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The registry of the cluster, as a node elsewhere asks it for images: with the node's certificate, where the
/// registry's Service leads.
record ClusterRegistry(HttpClient http, Membership member, Cache<EndpointSlice> slices)
        implements NodeRegistry.Upstream {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final ObjectKey SERVICE = new ObjectKey(RegistryNames.NAMESPACE, RegistryNames.SERVICE);

    @Override
    public Optional<HttpClient.Response> ask(String method, String uri, String accepted) throws IOException {
        var slice = slices.get(SERVICE);
        if (slice.endpoints().isEmpty() || slice.ports().isEmpty()) return Optional.empty();
        var target = member.target(
                slice.endpoints().getFirst().addresses().getFirst(),
                slice.ports().getFirst().port(),
                RegistryNames.CANONICAL);
        return Optional.of(
                http.send(target, HttpClient.Request.of(method, uri, List.of(Map.entry("Accept", accepted))), ANSWER));
    }
}
