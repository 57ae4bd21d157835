package io.navarch.inprocess;

import io.navarch.client.Events;
import io.navarch.client.Transport.Response;
import io.navarch.objects.Encoded;
import io.navarch.schema.admission.User;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A watch whose events are handed over as objects, without being written to a stream of bytes.
final class WatchCall extends LocalCall {
    private static final Events.Event END = new Events.Event("", Encoded.of(new byte[0]));

    private final ArrayBlockingQueue<Events.Event> queue = new ArrayBlockingQueue<>(64);
    private volatile boolean ended;

    WatchCall(User user, QueryStringDecoder uri) {
        super(user, "GET", uri, null, null);
    }

    @Override
    public OutputStream start(int status, Collection<Map.Entry<String, String>> headers) {
        super.start(status, headers);
        return new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("a watch has events only");
            }

            @Override
            public void close() {
                end();
            }
        };
    }

    /// Where there is no room for the end, nobody waits for it.
    private void end() {
        ended = true;
        queue.offer(END);
    }

    @Override
    public void writeEvent(OutputStream stream, String type, Encoded object) throws IOException {
        try {
            var event = new Events.Event(type, object);
            while (!queue.offer(event, 1, TimeUnit.SECONDS)) if (ended) throw new IOException("the reader has gone");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    Events events(Response response) {
        return new Events() {
            @Override
            public Optional<Event> next() throws IOException {
                try {
                    if (ended && queue.isEmpty()) return Optional.empty();
                    var event = queue.take();
                    return event == END ? Optional.empty() : Optional.of(event);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted");
                }
            }

            @Override
            public void close() {
                end();
                response.close();
            }
        };
    }
}
