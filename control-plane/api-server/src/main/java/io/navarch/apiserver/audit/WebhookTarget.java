package io.navarch.apiserver.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Sends events to a service, as an `EventList`.
///
/// Source: https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#webhook-backend
public final class WebhookTarget implements AuditTarget {
    static final String PLUGIN = "webhook";

    private static final byte[] BEGIN =
            bytes("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":[");
    private static final byte[] END = bytes("]}\n");

    /// Sends a body to the service, more than once if need be.
    public interface Service extends AutoCloseable {
        /// @throws IOException when it has not been taken
        void post(byte[] body) throws IOException, InterruptedException;

        @Override
        void close();
    }

    private final Service service;
    private final AuditLosses losses;

    public WebhookTarget(Service service, AuditLosses losses) {
        this.service = service;
        this.losses = losses;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// An item of a list: what kind it is stands at the list.
    @Override
    public byte[] form(AuditEntry entry) {
        var line = entry.json();
        var item = Arrays.copyOfRange(line, AuditEntry.HEAD.length() - 1, line.length - 1);
        item[0] = '{';
        return item;
    }

    @Override
    public boolean remote() {
        return true;
    }

    @Override
    public boolean deliver(List<byte[]> events) throws InterruptedException {
        try {
            service.post(body(events));
            return true;
        } catch (IOException e) {
            losses.lost(PLUGIN, events.size(), String.valueOf(e.getMessage()));
            return false;
        } catch (InterruptedException e) {
            losses.lost(PLUGIN, events.size(), "the server stops");
            throw e;
        }
    }

    private static byte[] body(List<byte[]> items) {
        var body = new ByteArrayOutputStream(BEGIN.length
                + END.length
                + items.stream().mapToInt(item -> item.length + 1).sum());
        body.writeBytes(BEGIN);
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) body.write(',');
            body.writeBytes(items.get(i));
        }
        body.writeBytes(END);
        return body.toByteArray();
    }

    @Override
    public void close() {
        service.close();
    }
}
