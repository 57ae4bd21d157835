package io.navarch.comparison;

import io.navarch.client.Kubeconfig;
import io.navarch.http.HttpClient;
import io.navarch.objects.Json;
import io.navarch.process.TaskScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One of the two servers, as a client sees it.
public final class Side {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    /// How long an answer may go on, unless told otherwise.
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /// The headers that clients read.
    private static final Set<String> READ = Set.of("content-type", "etag", "retry-after", "location");

    private final HttpClient http;
    private final HttpClient.Target target;
    private final Optional<String> token;
    private final Duration patience;

    /// @param target that knows the caller by its certificate
    /// @param patience how long an answer may go on: a watch has no end of its own
    public Side(HttpClient http, HttpClient.Target target, Duration patience) {
        this.http = http;
        this.target = target;
        this.patience = patience;
        token = Optional.empty();
    }

    public Side(HttpClient http, Path kubeconfig) throws IOException {
        this.http = http;
        var config = Kubeconfig.read(kubeconfig);
        target = config.target();
        token = Optional.of(config.token()).filter(text -> !text.isEmpty());
        patience = PATIENCE;
    }

    /// The answer; one with status 0 if the server gives none in time.
    public Answer send(Call call) {
        var headers = new ArrayList<>(call.headers());
        token.ifPresent(text -> headers.add(Map.entry("Authorization", "Bearer " + text)));
        var request = call.body()
                .map(body -> HttpClient.Request.of(call.method(), call.uri(), headers, body.bytes()))
                .orElseGet(() -> HttpClient.Request.of(call.method(), call.uri(), headers));
        try (var response = http.send(target, request, TIMEOUT)) {
            return answer(response);
        } catch (HttpTimeoutException e) {
            return new Answer(0, Map.of(), List.of(), "no answer in " + TIMEOUT.toSeconds() + " s");
        } catch (IOException e) {
            return new Answer(0, Map.of(), List.of(), String.valueOf(e.getMessage()));
        }
    }

    private Answer answer(HttpClient.Response response) throws IOException {
        var read = new TreeMap<String, String>();
        var warnings = new ArrayList<String>();
        for (var header : response.headers()) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (READ.contains(name)) read.put(name, header.getValue());
            // Several may share a header.
            if (name.equals("warning"))
                warnings.addAll(List.of(header.getValue().split(", (?=299 - )")));
        }
        return new Answer(response.status(), read, warnings, body(bytes(response)));
    }

    /// The body, or as much of it as comes while a watch is waited for.
    private byte[] bytes(HttpClient.Response response) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var over = new AtomicBoolean();
        var end = Thread.ofVirtual().start(() -> {
            try {
                TaskScope.pause(patience.toMillis());
                over.set(true);
                response.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            response.body().transferTo(bytes);
        } catch (IOException e) {
            if (!over.get()) throw e;
        } finally {
            end.interrupt();
        }
        return bytes.toByteArray();
    }

    /// One document, the documents of a watch as a list, or a text.
    private static @Nullable Object body(byte[] bytes) {
        try {
            return Json.parse(bytes);
        } catch (Json.MalformedException e) {
            var text = new String(bytes, StandardCharsets.UTF_8);
            return text.startsWith("{\"type\":") ? events(text) : text;
        }
    }

    private static Object events(String text) {
        try {
            return text.lines().<@Nullable Object>map(Json::parse).toList();
        } catch (Json.MalformedException e) {
            return text;
        }
    }
}
