package io.navarch.inprocess;

import io.navarch.apiserver.request.Call;
import io.navarch.client.Events;
import io.navarch.client.Transport;
import io.navarch.schema.admission.User;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Calls the API server in the same process: the same pipeline, without a socket.
public final class InProcessTransport implements Transport {
    /// The pipeline that answers calls.
    @FunctionalInterface
    public interface Server {
        void handle(Call call) throws IOException;
    }

    private final Server server;
    private final User user;

    public InProcessTransport(Server server, User user) {
        this.server = server;
        this.user = user;
    }

    @Override
    public Response send(String method, String uri, @Nullable String contentType, byte @Nullable [] body)
            throws IOException {
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
        // A streaming call outlives this method, so every call has its own thread.
        var thread = Thread.ofVirtual().name("in-process").start(() -> {
            try {
                server.handle(call);
                call.head.completeExceptionally(new IOException("no response"));
            } catch (IOException | RuntimeException | Error e) {
                call.head.completeExceptionally(e);
                // Who reads an answer that broke off must not take it for a shorter one.
                call.pipe.fail(new IOException("the answer broke off", e));
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
}
