package io.navarch.apps;

import io.navarch.apps.endpoints.Endpoints;
import io.navarch.apps.endpoints.Listening;
import io.navarch.http.EventLoops;
import io.navarch.process.Metrics;
import io.navarch.process.pages.ComponentPages;
import io.navarch.process.pages.HealthCheck;
import io.navarch.process.pages.HealthPages;
import io.navarch.process.pages.Page;
import io.navarch.serviceproxy.ProxyHealthPages;
import io.navarch.serviceproxy.ProxyMetrics;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What a node's service proxy tells of itself, as kube-proxy does: metrics to this machine, health to load balancers.
record ProxyEndpoints(Endpoints endpoints, Metrics counted, ProxyMetrics metrics, BooleanSupplier eligible) {
    /// @param eligible whether new connections may be sent to this node
    ProxyEndpoints(EventLoops eventLoops, InstantSource clock, BooleanSupplier eligible) {
        this(new Endpoints(eventLoops, Host.limits()), new Metrics(), clock, eligible);
    }

    private ProxyEndpoints(Endpoints endpoints, Metrics counted, InstantSource clock, BooleanSupplier eligible) {
        this(endpoints, counted, new ProxyMetrics(counted, clock), eligible);
    }

    void listen(Listening.Proxy at) throws IOException {
        var pages = new ComponentPages(
                new ComponentPages.Component("kube-proxy", ControlPlane.VERSION, at.flags(), false),
                counted,
                HealthPages.of(List.of(HealthCheck.PING)),
                Map.of("/proxyMode", () -> Page.text(200, "nftables")));
        endpoints.plain(at.metrics(), pages::answer);
        endpoints.plain(at.health(), new ProxyHealthPages(counted, metrics, eligible)::answer);
    }
}
