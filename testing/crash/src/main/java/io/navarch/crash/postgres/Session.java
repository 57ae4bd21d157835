package io.navarch.crash.postgres;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/// A connection to PostgreSQL by version 3 of its protocol, as somebody who is trusted.
final class Session implements AutoCloseable {
    private static final int VERSION = 3 << 16;
    private static final int CONNECT_MILLIS = 2000;
    private static final int ANSWER_MILLIS = 30_000;
    private static final int LONGEST_MESSAGE = 1 << 20;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;

    Session(String address, int port, String user) throws IOException {
        try {
            socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            var text = ("user\0" + user + "\0database\0postgres\0\0").getBytes(StandardCharsets.UTF_8);
            out.writeInt(text.length + 8);
            out.writeInt(VERSION);
            out.write(text);
            out.flush();
            answer(number -> {});
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Carries out statements in one go. Who gets no answer does not know whether they were.
    void run(String statements) throws IOException {
        numbers(statements, number -> {});
    }

    /// The first column of the rows that come.
    void numbers(String statements, LongConsumer each) throws IOException {
        var text = (statements + "\0").getBytes(StandardCharsets.UTF_8);
        out.writeByte('Q');
        out.writeInt(text.length + 4);
        out.write(text);
        out.flush();
        answer(each);
    }

    private void answer(LongConsumer each) throws IOException {
        var error = "";
        while (true) {
            int type = in.readUnsignedByte();
            int length = in.readInt() - 4;
            if (length < 0 || length > LONGEST_MESSAGE) throw new IOException("no message of PostgreSQL's");
            var body = in.readNBytes(length);
            if (body.length < length) throw new IOException("the connection ended within a message");
            switch (type) {
                case 'D' -> each.accept(first(body));
                case 'E' -> error = error(body);
                case 'R' -> {
                    if (body[3] != 0) throw new IOException("the server does not trust us");
                }
                case 'Z' -> {
                    if (!error.isEmpty()) throw new IOException(error);
                    return;
                }
                default -> {}
            }
            // Whoever is turned away is told so and nothing more.
            if (error.startsWith("FATAL")) throw new IOException(error);
        }
    }

    private static long first(byte[] row) {
        // The number of columns, the length of the first, and that.
        return Long.parseLong(new String(row, 6, row[5], StandardCharsets.US_ASCII));
    }

    private static String error(byte[] body) {
        var text = new StringBuilder();
        var part = new ByteArrayOutputStream();
        for (byte each : body) {
            if (each != 0) {
                part.write(each);
                continue;
            }
            var said = part.toString(StandardCharsets.UTF_8);
            part.reset();
            if (said.startsWith("V")) text.insert(0, said.substring(1) + ": ");
            if (said.startsWith("M")) text.append(said.substring(1));
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
