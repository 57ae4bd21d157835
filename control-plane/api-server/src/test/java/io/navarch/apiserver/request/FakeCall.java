package io.navarch.apiserver.request;

import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.admission.User;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A call in memory that keeps its answer.
public final class FakeCall implements Call {
    private final String method;
    private final QueryStringDecoder uri;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private byte[] body = new byte[0];
    private Optional<User> user = Optional.empty();
    private List<X509Certificate> certificates = List.of();
    public int status;
    public Map<String, String> answered = Map.of();
    public byte[] answer = new byte[0];

    public FakeCall(String method, String uri) {
        this.method = method;
        this.uri = new QueryStringDecoder(uri);
    }

    public static FakeCall get(String uri) {
        return new FakeCall("GET", uri);
    }

    public FakeCall header(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    public FakeCall body(String type, String text) {
        body = text.getBytes(StandardCharsets.UTF_8);
        return header(HeaderNames.CONTENT_TYPE, type);
    }

    public FakeCall trusting(User trusted) {
        user = Optional.of(trusted);
        return this;
    }

    public FakeCall showing(X509Certificate shown) {
        certificates = List.of(shown);
        return this;
    }

    public View tree() {
        return View.of(Json.parse(answer));
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return uri.path();
    }

    @Override
    public String uri() {
        return uri.uri();
    }

    @Override
    public Map<String, List<String>> query() {
        return uri.parameters();
    }

    @Override
    public String header(String name) {
        return headers.stream()
                .filter(each -> each.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    @Override
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    @Override
    public byte[] body(int limit) {
        return body;
    }

    @Override
    public boolean arrived() {
        return true;
    }

    @Override
    public List<X509Certificate> clientCertificates() {
        return certificates;
    }

    @Override
    public Optional<User> trusted() {
        return user;
    }

    @Override
    public void respond(int code, Map<String, String> headers, byte[] bytes) {
        status = code;
        answered = headers;
        answer = bytes;
    }

    @Override
    public OutputStream start(int code, Collection<Map.Entry<String, String>> headers) {
        status = code;
        answered = headers.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                answer = toByteArray();
            }
        };
    }

    @Override
    public void writeShared(OutputStream stream, byte[]... parts) throws IOException {
        for (var part : parts) stream.write(part);
    }

    @Override
    public void onClose(Runnable action) {}

    @Override
    public Optional<Exchange> exchange() {
        return Optional.empty();
    }
}
