package io.navarch.specs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/// What stands behind a proxy, on bare sockets: answers by the last word of the path, to one request of a connection,
/// and then hangs up.
final class RawBackEnd implements AutoCloseable {
    /// The heads that were sent, a line each.
    final List<String> received = new CopyOnWriteArrayList<>();

    /// What callers do who are told nothing.
    final BlockingQueue<String> silent = new LinkedBlockingQueue<>();

    private final ServerSocket socket = new ServerSocket();

    RawBackEnd(String address) throws IOException {
        socket.bind(new InetSocketAddress(address, 0));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var accepted = socket.accept();
                    Thread.ofVirtual().start(() -> serve(accepted));
                }
            } catch (IOException e) {
                // The test has ended.
            }
        });
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            var head = new StringBuilder();
            for (String line; (line = in.readLine()) != null && !line.isEmpty(); )
                head.append(line).append('\n');
            if (head.isEmpty()) return;
            received.add(head.toString());
            var path = head.toString().split(" ")[1];
            if (path.endsWith("/silent")) {
                silent.add("asked");
                silent.add(in.read() < 0 ? "left" : "more");
                return;
            }
            var answer = answer(path.substring(path.lastIndexOf('/') + 1));
            socket.getOutputStream().write(answer.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // The proxy has hung up.
        }
    }

    private static String answer(String wanted) {
        return switch (wanted) {
            case "switch" -> "HTTP/1.1 101 Switching\nConnection: Upgrade\nUpgrade: h2c\n\nleaked";
            case "socket" -> "HTTP/1.1 101 Switching\nConnection: Upgrade\nUpgrade: websocket\n\nspoken";
            case "cookies" -> """
                HTTP/1.1 200 OK
                Set-Cookie: a=1
                Set-Cookie: b=2
                WWW-Authenticate: Basic
                WWW-Authenticate: Negotiate
                Access-Control-Allow-Origin: *
                Connection: X-Hop, close
                X-Hop: 1
                Content-Length: 2

                ok""";
            case "early" -> "HTTP/1.1 103 Early Hints\nLink: </x>\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\nok";
            case "broken" -> "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n";
            case "short" -> "HTTP/1.1 200 OK\nContent-Length: 10\n\nabc";
            case "malformed" -> "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\nzz\n";
            case "away" -> "HTTP/1.1 302 Found\nLocation: /api/v1/secrets\nContent-Length: 0\n\n";
            case "refused" -> "HTTP/1.1 403 Forbidden\nContent-Length: 2\n\nno";
            case "garbage" -> "10.0.0.7 is no HTTP\n\n";
            default -> "HTTP/1.1 200 OK\nContent-Length: 2\n\nok";
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
