package io.navarch.specs;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A client of HTTP/2 that sends what it is told to, frame by frame.
final class RawStreams implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /// What a server says that has had enough.
    static final int ENHANCE_YOUR_CALM = 11;

    /// @param stream 0 for the connection itself
    record Frame(int type, int flags, int stream, byte[] payload) {
        /// A number in the payload.
        int number(int offset) {
            return ByteBuffer.wrap(payload).getInt(offset);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    RawStreams(SSLContext context, int port) throws IOException {
        var tls = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        var parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        tls.setSSLParameters(parameters);
        tls.setSoTimeout(20_000);
        socket = tls;
        in = new DataInputStream(tls.getInputStream());
        out = tls.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(frame(type, flags, stream, payload));
    }

    void send(byte[] frames) throws IOException {
        out.write(frames);
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /// A request's headers.
    ///
    /// @param more names and values, alternating
    static byte[] headers(String method, String path, String... more) {
        var bytes = new ByteArrayOutputStream();
        for (var pair : List.of(
                List.of(":method", method),
                List.of(":scheme", "https"),
                List.of(":authority", "server"),
                List.of(":path", path))) literal(bytes, pair.get(0), pair.get(1));
        for (int i = 0; i < more.length; i += 2) literal(bytes, more[i], more[i + 1]);
        return bytes.toByteArray();
    }

    static byte[] header(String name, String value) {
        var bytes = new ByteArrayOutputStream();
        literal(bytes, name, value);
        return bytes.toByteArray();
    }

    private static void literal(ByteArrayOutputStream bytes, String name, String value) {
        bytes.write(0);
        text(bytes, name);
        text(bytes, value);
    }

    private static void text(ByteArrayOutputStream bytes, String text) {
        int length = text.length();
        if (length < 127) {
            bytes.write(length);
        } else {
            bytes.write(127);
            for (length -= 127; length >= 128; length >>= 7) bytes.write(length & 127 | 128);
            bytes.write(length);
        }
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Frame read() throws IOException {
        int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        var payload = new byte[length];
        in.readFully(payload);
        return new Frame(type, flags, stream, payload);
    }

    /// The next frame of a type; those before it are passed over.
    Frame read(int type) throws IOException {
        while (true) {
            var frame = read();
            if (frame.type == type) return frame;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
