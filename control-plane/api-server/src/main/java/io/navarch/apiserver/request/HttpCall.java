package io.navarch.apiserver.request;

import io.navarch.http.Exchange;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A call over the network.
public final class HttpCall implements Call {
    private final Exchange exchange;

    public HttpCall(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Optional<Exchange> exchange() {
        return Optional.of(exchange);
    }

    @Override
    public void entered() {
        exchange.entered();
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String path() {
        return exchange.path();
    }

    @Override
    public String uri() {
        return exchange.uri();
    }

    @Override
    public Map<String, List<String>> query() {
        return exchange.query();
    }

    @Override
    public String header(String name) {
        return exchange.header(name);
    }

    @Override
    public List<Map.Entry<String, String>> headers() {
        return exchange.headers();
    }

    @Override
    public byte[] body(int limit) throws IOException {
        return exchange.body(limit);
    }

    @Override
    public boolean arrived() {
        return exchange.arrived();
    }

    @Override
    public List<X509Certificate> clientCertificates() {
        return exchange.clientCertificates();
    }

    @Override
    public Optional<User> trusted() {
        return Optional.empty();
    }

    @Override
    public void respond(int status, Map<String, String> headers, byte[] body) throws IOException {
        exchange.respond(status, headers, body);
    }

    @Override
    public OutputStream start(int status, Collection<Map.Entry<String, String>> headers) throws IOException {
        return exchange.start(status, headers);
    }

    @Override
    public void writeShared(OutputStream stream, byte[]... parts) throws IOException {
        Exchange.writeShared(stream, parts);
    }

    @Override
    public boolean ready(OutputStream stream) {
        return Exchange.ready(stream);
    }

    @Override
    public void settle(OutputStream stream) throws IOException {
        Exchange.settle(stream);
    }

    @Override
    public void onClose(Runnable action) {
        exchange.onClose(action);
    }
}
