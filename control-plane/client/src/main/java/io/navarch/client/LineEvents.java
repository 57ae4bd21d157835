package io.navarch.client;

import io.navarch.objects.Encoded;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Events as they come over HTTP: a line of JSON each. What comes after the last end of a line is half an event.
final class LineEvents implements Events {
    private static final byte[] TYPE = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OBJECT = "\",\"object\":".getBytes(StandardCharsets.US_ASCII);

    private final Transport.Response response;
    private final InputStream body;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(8192);

    LineEvents(Transport.Response response) {
        this.response = response;
        body = new BufferedInputStream(response.body(), 32 << 10);
    }

    @Override
    public Event next() throws IOException {
        line.reset();
        for (int b; (b = body.read()) != '\n'; line.write(b)) if (b < 0) return null;
        return event(line.toByteArray());
    }

    /// The object's bytes are cut out of the usual form; any other is read and written again.
    static Event event(byte[] line) throws IOException {
        int end = TYPE.length;
        while (end < line.length && line[end] >= 'A' && line[end] <= 'Z') end++;
        int from = end + OBJECT.length;
        boolean usual = from < line.length
                && line[line.length - 1] == '}'
                && Arrays.equals(line, 0, TYPE.length, TYPE, 0, TYPE.length)
                && Arrays.equals(line, end, from, OBJECT, 0, OBJECT.length);
        if (usual) {
            var type = new String(line, TYPE.length, end - TYPE.length, StandardCharsets.US_ASCII);
            return new Event(type, Encoded.of(Arrays.copyOfRange(line, from, line.length - 1)));
        }
        try {
            var event = View.of(Json.parse(line));
            return new Event(
                    event.get("type").string(),
                    Encoded.of(Json.write(event.get("object").value())));
        } catch (Json.MalformedException e) {
            throw new IOException("a broken watch event: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        response.close();
    }
}
