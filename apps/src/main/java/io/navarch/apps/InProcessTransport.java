package io.navarch.apps;

import io.navarch.apiserver.ApiServer;
import io.navarch.apiserver.request.Call;
import io.navarch.apiserver.request.User;
import io.navarch.client.Events;
import io.navarch.client.Transport;
import io.navarch.http.Exchange;
import io.navarch.objects.Encoded;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Calls the API server in the same process: the same pipeline, without a socket.
final class InProcessTransport implements Transport {
    private final ApiServer server;
    private final User user;

    InProcessTransport(ApiServer server, User user) {
        this.server = server;
        this.user = user;
    }

    @Override
    public Response send(String method, String uri, String contentType, byte[] body) throws IOException {
        return run(new LocalCall(user, method, new QueryStringDecoder(uri), contentType, body));
    }

    @Override
    public Events watch(String uri) throws IOException {
        var call = new WatchCall(user, new QueryStringDecoder(uri));
        var response = run(call);
        if (response.status() >= 400) throw Transport.refusal(response);
        return call.events(response);
    }

    private Response run(LocalCall call) throws IOException {
        // A call that streams outlives this method, so each has a thread of its own.
        var thread = Thread.ofVirtual().name("in-process").start(() -> {
            try {
                server.handle(call);
                call.head.completeExceptionally(new IOException("no response"));
            } catch (IOException | RuntimeException e) {
                call.head.completeExceptionally(e);
                call.pipe.end();
            }
        });
        try {
            return call.head.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    private static class LocalCall implements Call {
        private final User user;
        private final String method;
        private final QueryStringDecoder uri;
        private final String contentType;
        private final byte[] body;
        private final CompletableFuture<Response> head = new CompletableFuture<>();
        private final Pipe pipe = new Pipe();
        private volatile Runnable onClose = () -> {};

        LocalCall(User user, String method, QueryStringDecoder uri, String contentType, byte[] body) {
            this.user = user;
            this.method = method;
            this.uri = uri;
            this.contentType = contentType;
            this.body = body;
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
        public Map<String, List<String>> query() {
            return uri.parameters();
        }

        @Override
        public String header(String name) {
            return switch (name) {
                case "Content-Type" -> contentType == null ? "" : contentType;
                case "User-Agent" -> "navarch/in-process";
                default -> "";
            };
        }

        @Override
        public byte[] body(int limit) {
            return body == null ? new byte[0] : body;
        }

        @Override
        public X509Certificate clientCertificate() {
            return null;
        }

        @Override
        public User trusted() {
            return user;
        }

        @Override
        public void respond(int status, Map<String, String> headers, byte[] bytes) {
            head.complete(new Response(status, new ByteArrayInputStream(bytes), () -> {}));
        }

        @Override
        public OutputStream start(int status, Map<String, String> headers) {
            head.complete(new Response(status, pipe, () -> {
                pipe.end();
                onClose.run();
            }));
            return pipe.output();
        }

        @Override
        public void writeShared(OutputStream stream, byte[]... parts) throws IOException {
            for (var part : parts) stream.write(part);
        }

        @Override
        public void onClose(Runnable action) {
            onClose = action;
        }

        @Override
        public Exchange exchange() {
            return null;
        }
    }

    /// A watch whose events are handed over as they are, without being written as a stream of bytes.
    private static final class WatchCall extends LocalCall {
        private static final Events.Event END = new Events.Event("", null);

        private final ArrayBlockingQueue<Events.Event> queue = new ArrayBlockingQueue<>(64);
        private volatile boolean ended;

        WatchCall(User user, QueryStringDecoder uri) {
            super(user, "GET", uri, null, null);
        }

        @Override
        public OutputStream start(int status, Map<String, String> headers) {
            super.start(status, headers);
            return new OutputStream() {
                @Override
                public void write(int b) {
                    throw new IllegalStateException("a watch has events only");
                }

                @Override
                public void close() {
                    ended = true;
                    queue.offer(END);
                }
            };
        }

        @Override
        public void writeEvent(OutputStream stream, String type, Encoded object) throws IOException {
            try {
                var event = new Events.Event(type, object);
                while (!queue.offer(event, 1, TimeUnit.SECONDS))
                    if (ended) throw new IOException("the reader has gone");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted");
            }
        }

        Events events(Response response) {
            return new Events() {
                @Override
                public Event next() throws IOException {
                    try {
                        while (true) {
                            if (ended && queue.isEmpty()) return null;
                            var event = queue.poll(1, TimeUnit.SECONDS);
                            if (event != null) return event == END ? null : event;
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IOException("interrupted");
                    }
                }

                @Override
                public void close() {
                    ended = true;
                    response.close();
                }
            };
        }
    }

    /// Chunks from a writer to a reader, at most a few at a time.
    private static final class Pipe extends InputStream {
        private static final byte[] END = new byte[0];

        private final ArrayBlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(64);
        private byte[] current = END;
        private int position;
        private volatile boolean ended;

        OutputStream output() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (length == 0) return;
                    offer(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
                }

                @Override
                public void write(byte[] bytes) throws IOException {
                    // Written bytes are never changed here, so they need no copy.
                    if (bytes.length > 0) offer(bytes);
                }

                @Override
                public void close() {
                    end();
                }
            };
        }

        private void offer(byte[] bytes) throws IOException {
            try {
                while (!chunks.offer(bytes, 1, TimeUnit.SECONDS)) {
                    if (ended) throw new IOException("the reader has gone");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted");
            }
        }

        void end() {
            ended = true;
            chunks.offer(END);
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                while (position == current.length) {
                    if (ended && chunks.isEmpty()) return -1;
                    var next = chunks.poll(1, TimeUnit.SECONDS);
                    if (next == null) continue;
                    current = next;
                    position = 0;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted");
            }
            int count = Math.min(length, current.length - position);
            System.arraycopy(current, position, target, offset, count);
            position += count;
            return count;
        }
    }
}
