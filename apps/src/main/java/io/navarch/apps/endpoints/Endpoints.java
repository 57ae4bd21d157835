package io.navarch.apps.endpoints;

import io.navarch.http.EventLoops;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpHandler;
import io.navarch.http.HttpServer;
import io.navarch.http.ServerLimits;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.process.pages.Page;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listeners of parts that share this process, each on a port of its own.
public final class Endpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

    /// Scrapers and probes are few, but whoever else reaches these ports is not to keep them out: eight addresses would
    /// have to, and to ask anew every few seconds.
    private static final int CONNECTIONS = 512;

    private static final int CONNECTIONS_OF_ONE = 64;

    private static final ServerLimits.Times TIMES = new ServerLimits.Times(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private final EventLoops loops;
    private final ServerLimits limits;
    private final List<HttpServer> servers = new ArrayList<>();

    public Endpoints(EventLoops loops, ServerLimits limits) {
        this.loops = loops;
        this.limits = new ServerLimits(
                Math.min(CONNECTIONS, limits.connections()),
                CONNECTIONS_OF_ONE,
                limits.waiting(),
                limits.scarce(),
                TIMES);
    }

    private interface Opening {
        HttpServer open(InetSocketAddress address) throws IOException;
    }

    /// With TLS, for those whom the guard lets in.
    ///
    /// @throws IOException when the address was chosen and somebody else has it
    public void secure(Listening at, Supplier<SslContext> tls, Guard guard, Function<Page.Request, Page> pages)
            throws IOException {
        open(at, address -> HttpServer.secure(loops, address, name -> tls.get(), limits, guarded(guard, pages)));
    }

    /// For everybody who reaches it.
    ///
    /// @throws IOException when the address was chosen and somebody else has it
    public void plain(Listening at, Function<Page.Request, Page> pages) throws IOException {
        open(at, address -> HttpServer.plain(loops, address, limits, exchange -> answer(exchange, pages)));
    }

    private void open(Listening at, Opening opening) throws IOException {
        if (!at.served()) return;
        try {
            servers.add(opening.open(new InetSocketAddress(at.address(), at.port())));
        } catch (IOException e) {
            var what = "--" + at.option() + ": " + e.getMessage();
            if (at.chosen()) throw new IOException(what, e);
            LOG.warn("{}; it is not served", what);
        }
    }

    private static HttpHandler guarded(Guard guard, Function<Page.Request, Page> pages) {
        return exchange -> {
            try {
                guard.admit(exchange);
            } catch (ApiException e) {
                // As the API server treats those whom it does not know.
                if (e.reason() == ApiException.Reason.UNAUTHORIZED && exchange.streamed()) exchange.lastOfConnection();
                exchange.respond(e.code(), "application/json", Json.write(e.status()));
                return;
            }
            answer(exchange, pages);
        };
    }

    private static void answer(Exchange exchange, Function<Page.Request, Page> pages) throws IOException {
        var page = pages.apply(new Page.Request(
                exchange.method(),
                exchange.path(),
                exchange.query(),
                exchange.header(HeaderNames.ACCEPT),
                most -> exchange.body().readNBytes(most)));
        exchange.respond(page.status(), page.withType(), page.body());
    }

    /// Where they listen.
    public List<Integer> ports() {
        return servers.stream().map(HttpServer::port).toList();
    }

    @Override
    public void close() {
        servers.forEach(HttpServer::close);
    }
}
