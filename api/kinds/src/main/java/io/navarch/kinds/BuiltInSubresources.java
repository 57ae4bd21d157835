package io.navarch.kinds;

import io.navarch.kinds.namespace.NamespaceFinalization;
import io.navarch.kinds.node.NodeAgents;
import io.navarch.kinds.pod.PodBinding;
import io.navarch.kinds.pod.PodConnections;
import io.navarch.kinds.poddisruptionbudget.PodEviction;
import io.navarch.kinds.service.ServiceProxy;
import io.navarch.kinds.serviceaccount.ServiceAccountTokens;
import io.navarch.kinds.serviceaccount.TokenRequests;
import io.navarch.schema.subresource.Connector;
import io.navarch.schema.subresource.Subresource;
import io.navarch.schema.subresource.SubresourceHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/// The subresources that built-in kinds serve themselves, by plural and name.
public final class BuiltInSubresources {
    private BuiltInSubresources() {}

    /// @param longestToken how long tokens of service accounts may live; zero for as long as somebody asks for
    public static Map<String, Subresource> all(
            ServiceAccountTokens tokens, Duration longestToken, InstantSource clock) {
        var binding = new PodBinding(clock);
        return Map.ofEntries(
                handler("bindings", binding::create),
                handler("namespaces/finalize", new NamespaceFinalization()),
                handler("pods/binding", binding::bind),
                handler("pods/eviction", new PodEviction(clock)),
                handler("serviceaccounts/token", new TokenRequests(tokens, clock, longestToken)),
                connector("nodes/proxy", NodeAgents::proxy),
                connector("pods/attach", PodConnections::attach),
                connector("pods/exec", PodConnections::exec),
                connector("pods/log", PodConnections::log),
                connector("pods/portforward", PodConnections::portForward),
                connector("pods/proxy", PodConnections::proxy),
                connector("services/proxy", new ServiceProxy()));
    }

    private static Map.Entry<String, Subresource> handler(String name, SubresourceHandler handler) {
        return Map.entry(name, handler);
    }

    private static Map.Entry<String, Subresource> connector(String name, Connector connector) {
        return Map.entry(name, connector);
    }
}
