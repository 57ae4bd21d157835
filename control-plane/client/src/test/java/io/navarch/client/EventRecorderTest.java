package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Event;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.objects.ApiException;
import io.navarch.process.TaskScope;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Pod POD = Pod.builder()
            .metadata(meta -> meta.name("web").namespace("ns").uid("u"))
            .build();

    private final ScriptedTransport server = new ScriptedTransport(ScriptedTransport.Sent::body);
    private final TaskScope scope = new TaskScope();
    private final BlockingQueue<Integer> pauses = new LinkedBlockingQueue<>();
    private final EventRecorder recorder =
            new EventRecorder(new Client(server, "test"), "kubelet", "node-1", () -> NOW, pauses::add);

    @BeforeEach
    void start() {
        recorder.start(scope);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void anEventSaysWhatItIsAboutAndWhoSaysIt() throws InterruptedException {
        recorder.warning(POD, "BackOff", "again");
        var sent = server.calls.take();
        assertThat(sent.method()).isEqualTo("POST");
        assertThat(sent.uri()).startsWith("/api/v1/namespaces/ns/events");
        var event = Event.of(sent.body());
        assertThat(event.name()).startsWith("web.");
        assertThat(event.involvedObject().uid()).isEqualTo("u");
        assertThat(event.type().text()).isEqualTo("Warning");
        assertThat(event.reason() + " " + event.message()).isEqualTo("BackOff again");
        assertThat(event.source().component() + " " + event.source().host()).isEqualTo("kubelet node-1");
        assertThat(event.count()).isEqualTo(1);
    }

    @Test
    void theSameAgainRaisesTheCount() throws InterruptedException {
        recorder.normal(POD, "Pulled", "there");
        recorder.normal(POD, "Pulled", "there");
        var name = Event.of(server.calls.take().body()).name();
        var second = server.calls.take();
        assertThat(second.method()).isEqualTo("PATCH");
        assertThat(second.uri()).startsWith("/api/v1/namespaces/ns/events/" + name);
        assertThat(Event.of(second.body()).count()).isEqualTo(2);
    }

    /// Events expire while their objects live on.
    @Test
    void anEventThatIsGoneIsWrittenAnew() throws InterruptedException {
        recorder.normal(POD, "Pulled", "there");
        assertThat(server.calls.take().method()).isEqualTo("POST");
        server.refuse(new ApiException(ApiException.Reason.NOT_FOUND, "gone"));
        recorder.normal(POD, "Pulled", "there");
        assertThat(server.calls.take().method()).isEqualTo("PATCH");
        var anew = server.calls.take();
        assertThat(anew.method()).isEqualTo("POST");
        assertThat(Event.of(anew.body()).count()).isEqualTo(2);
    }

    @Test
    void aServerThatIsAwayIsTriedTwelveTimes() throws InterruptedException {
        var away = new ApiException(ApiException.Reason.SERVICE_UNAVAILABLE, "away");
        server.refuseAll(away);
        recorder.normal(POD, "Pulled", "there");
        for (int i = 0; i < 12; i++)
            assertThat(Event.of(server.calls.take().body()).reason()).isEqualTo("Pulled");
        for (int i = 1; i <= 11; i++) assertThat(pauses.take()).isEqualTo(i);
        server.refuseAll(null);
        recorder.normal(POD, "Started", "runs");
        assertThat(Event.of(server.calls.take().body()).reason()).isEqualTo("Started");
    }

    /// Whoever tells does not wait, and what is told too much costs no memory.
    @Test
    void whatNobodyTakesIsDropped() throws InterruptedException {
        var server = new ScriptedTransport(ScriptedTransport.Sent::body);
        var resting = new EventRecorder(new Client(server, "test"), "kubelet", "node-1", () -> NOW, pauses::add);
        for (int i = 0; i < 5000; i++) {
            int number = i;
            resting.normal(
                    Pod.builder()
                            .metadata(meta -> meta.name("web-" + number).namespace("ns"))
                            .build(),
                    "Pulled",
                    "");
        }
        try (var own = new TaskScope()) {
            resting.start(own);
            for (int i = 0; i < EventRecorder.WAITING; i++)
                assertThat(server.calls.take().uri()).contains("/events");
            resting.normal(POD, "Last", "");
            assertThat(Event.of(server.calls.take().body()).reason()).isEqualTo("Last");
        }
    }

    /// A controller in a hot loop leaves one object, and writes to it 25 times.
    @Test
    void aHotLoopDoesNotFillTheStore() throws InterruptedException {
        for (int i = 0; i < 900; i++) recorder.warning(POD, "FailedSync", "error " + i);
        recorder.normal(POD, "Last", "");
        int created = 0;
        int patched = 0;
        while (true) {
            var sent = server.calls.take();
            if (Event.of(sent.body()).reason().equals("Last")) break;
            if (sent.method().equals("POST")) created++;
            else patched++;
        }
        assertThat(created).isEqualTo(10);
        assertThat(patched).isEqualTo(15);
    }

    @Test
    void anEventThatIsRefusedKeepsNoOtherBack() throws InterruptedException {
        server.refuse(new ApiException(ApiException.Reason.FORBIDDEN, "no"));
        recorder.normal(POD, "Pulled", "there");
        recorder.normal(POD, "Started", "runs");
        assertThat(server.calls.take().method()).isEqualTo("POST");
        assertThat(Event.of(server.calls.take().body()).reason()).isEqualTo("Started");
    }

    @Test
    void eventsOfClusterObjectsStandInTheDefaultNamespace() throws InterruptedException {
        recorder.normal(Node.builder().metadata(meta -> meta.name("n")).build(), "NodeReady", "is");
        assertThat(server.calls.take().uri()).startsWith("/api/v1/namespaces/default/events");
    }
}
