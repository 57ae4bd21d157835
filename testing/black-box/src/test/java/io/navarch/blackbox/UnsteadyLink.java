package io.navarch.blackbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP relay to a port of this machine that can be cut: all connections break, and none comes up while it is down.
final class UnsteadyLink implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private volatile boolean down;

    UnsteadyLink(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                sockets.add(client);
                if (down) {
                    client.close();
                    continue;
                }
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(server);
                Thread.ofVirtual().start(() -> copy(client, server));
                Thread.ofVirtual().start(() -> copy(server, client));
            } catch (IOException e) {
                // The server may be away, or this relay closed: the client sees a closed connection.
                cut();
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // Cut, or ended by one side.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    void cut() {
        for (var socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone already.
            }
        }
        sockets.clear();
    }

    void down() {
        down = true;
        cut();
    }

    void up() {
        down = false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
