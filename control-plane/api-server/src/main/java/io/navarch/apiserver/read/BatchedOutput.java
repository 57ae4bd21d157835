package io.navarch.apiserver.read;

import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.SlowLane;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A long answer in the making: gathers parts into larger writes, and compresses what turns out to be long where the
/// client can read that.
///
/// Whoever reads slowly is waited for outside of the slow lane, so that he holds up nobody but himself.
///
/// Nothing is sent until the first flush decides whether to compress; from then on `out` is there, and `zipped` if it
/// does.
final class BatchedOutput implements AutoCloseable {
    private static final int BATCH = 64 << 10;

    /// Compressing shorter answers takes longer than it saves.
    private static final int COMPRESSED_FROM = 128 << 10;

    private final ResourceRequest request;
    private final String type;
    private final SlowLane.Turn turn;
    private final boolean compressible;
    private final List<byte[]> parts = new ArrayList<>();
    private @Nullable OutputStream out;
    private @Nullable GZIPOutputStream zipped;
    private int size;
    private boolean ended;

    BatchedOutput(ResourceRequest request, String type, SlowLane.Turn turn) {
        this.request = request;
        this.type = type;
        this.turn = turn;
        this.compressible = request.response().takesGzip();
    }

    void add(byte[] part) throws IOException {
        parts.add(part);
        size += part.length;
        if (size >= (out == null && compressible ? COMPRESSED_FROM : BATCH)) flush();
        turn.step();
    }

    private OutputStream flush() throws IOException {
        request.response().sent(size);
        var target = out != null ? out : start(size >= COMPRESSED_FROM && compressible);
        if (zipped == null) {
            room(target);
            turn.sent(size);
            request.call().writeShared(target, parts.toArray(byte[][]::new));
        } else {
            for (var part : parts) zipped.write(part);
        }
        parts.clear();
        size = 0;
        return target;
    }

    /// Has the next part not wait for the reader while others wait for this call.
    private void room(OutputStream stream) throws IOException {
        if (request.call().ready(stream)) return;
        request.call().settle(stream);
        turn.pause();
    }

    private OutputStream start(boolean compress) throws IOException {
        var headers = request.response().headers(type);
        if (compress) {
            headers.put(HeaderNames.CONTENT_ENCODING, "gzip");
            headers.put(HeaderNames.VARY, HeaderNames.ACCEPT_ENCODING);
        }
        var started = request.response().start(200, headers);
        out = started;
        if (compress) {
            var waiting = new FilterOutputStream(started) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    room(started);
                    turn.sent(length);
                    started.write(bytes, offset, length);
                }
            };
            zipped = new GZIPOutputStream(waiting, BATCH) {
                {
                    def.setLevel(Deflater.BEST_SPEED);
                }
            };
        }
        return started;
    }

    void end() throws IOException {
        var target = flush();
        turn.pause();
        if (zipped != null) zipped.close();
        target.close();
        ended = true;
    }

    /// An answer that failed half-way is left without an end, so that nobody takes it for complete.
    @Override
    public void close() {
        if (!ended && out != null) request.call().exchange().ifPresent(Exchange::abort);
    }
}
