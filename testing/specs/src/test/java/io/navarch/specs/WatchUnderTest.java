package io.navarch.specs;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A watch over HTTPS, whose events are read one by one.
final class WatchUnderTest implements AutoCloseable {
    private final HttpClient http;
    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

    WatchUnderTest(PlaneUnderTest plane, String path) throws IOException, InterruptedException {
        http = HttpClient.newBuilder()
                .sslContext(PlaneUnderTest.trusting(plane.authority()))
                .build();
        var request = HttpRequest.newBuilder(URI.create(plane.url() + path))
                .header("Authorization", "Bearer " + PlaneUnderTest.TOKEN)
                .build();
        var body = http.send(request, BodyHandlers.ofInputStream()).body();
        Thread.ofVirtual().start(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) events.add(shown(line));
            } catch (IOException | UncheckedIOException e) {
                events.add("END");
            }
        });
    }

    private static String shown(String line) {
        var event = View.of(Json.parse(line.getBytes(StandardCharsets.UTF_8)));
        var object = event.get("object");
        var type = event.get("type").string();
        if (type.equals("ERROR")) return type + " " + object.get("message").string();
        var version = object.get("apiVersion").string();
        return type + " " + object.name() + " " + version.substring(version.indexOf('/') + 1);
    }

    /// The next event: its type, and the object's name and version, or the message of an error.
    String next() throws InterruptedException {
        var event = events.poll(20, TimeUnit.SECONDS);
        if (event == null) throw new AssertionError("no event came");
        return event;
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
