package io.navarch.specs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A service that is sent the events of an audit.
final class EventsUnderTest implements BeforeAllCallback, AfterAllCallback {
    /// As long as it is open, nothing is answered.
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    private final List<View> lists = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch open = new CountDownLatch(0);
    private HttpServer server;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        open.countDown();
        server.stop(0);
    }

    String kubeconfig() {
        return "{clusters: [{name: c, cluster: {server: 'http://127.0.0.1:"
                + server.getAddress().getPort()
                + "/events'}}], contexts: [{name: x, context: {cluster: c}}], current-context: x}";
    }

    private void take(HttpExchange exchange) throws IOException {
        var list = View.of(Json.parse(exchange.getRequestBody()));
        try {
            open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lists.add(list);
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    Hold hold() {
        var held = new CountDownLatch(1);
        open = held;
        return held::countDown;
    }

    /// What was sent, as it was sent.
    List<View> lists() {
        return List.copyOf(lists);
    }

    /// All events of these.
    List<View> events() {
        return lists.stream()
                .flatMap(list -> list.get("items").views().stream())
                .toList();
    }
}
