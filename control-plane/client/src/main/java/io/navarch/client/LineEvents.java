package io.navarch.client;

import io.navarch.model.WatchEvent;
import io.navarch.objects.Encoded;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Events as they come over HTTP: a line of JSON each. What comes after the last end of a line is half an event.
public final class LineEvents implements Events {
    /// More than any object may have that can be stored.
    private static final int LONGEST = 16 << 20;

    private static final byte[] TYPE = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OBJECT = "\",\"object\":".getBytes(StandardCharsets.US_ASCII);

    private final InputStream body;
    private final Runnable onClose;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(8192);

    public LineEvents(InputStream body, Runnable onClose) {
        this.body = new BufferedInputStream(body, 32 << 10);
        this.onClose = onClose;
    }

    @Override
    public Optional<Event> next() throws IOException {
        line.reset();
        int next = body.read();
        for (; next >= 0 && next != '\n'; next = body.read()) {
            if (line.size() == LONGEST) throw new IOException("an event has more than " + LONGEST + " bytes");
            line.write(next);
        }
        return next < 0 ? Optional.empty() : Optional.of(event(line.toByteArray()));
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
            var event = WatchEvent.of(View.of(Json.parse(line)));
            return new Event(
                    event.type(),
                    Encoded.of(Json.write(event.raw(WatchEvent.OBJECT).value())));
        } catch (Json.MalformedException e) {
            throw new IOException("a broken watch event: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        onClose.run();
    }
}
