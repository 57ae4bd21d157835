package io.navarch.apiserver.request;

import io.navarch.http.Exchange;
import java.io.IOException;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/// A call over the network.
public record HttpCall(Exchange exchange) implements Call {
    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String path() {
        return exchange.path();
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
    public byte[] body(int limit) throws IOException {
        return exchange.body(limit);
    }

    @Override
    public X509Certificate clientCertificate() {
        return exchange.clientCertificate().orElse(null);
    }

    @Override
    public User trusted() {
        return null;
    }

    @Override
    public void respond(int status, Map<String, String> headers, byte[] body) throws IOException {
        exchange.respond(status, headers, body);
    }

    @Override
    public OutputStream start(int status, Map<String, String> headers) throws IOException {
        return exchange.start(status, headers);
    }

    @Override
    public void writeShared(OutputStream stream, byte[]... parts) throws IOException {
        Exchange.writeShared(stream, parts);
    }

    @Override
    public void onClose(Runnable action) {
        exchange.onClose(action);
    }
}
