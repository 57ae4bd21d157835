package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Event;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.objects.ApiException;
import io.navarch.process.TaskScope;
import java.time.Instant;
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
    private final EventRecorder recorder =
            new EventRecorder(new Client(server, "test"), "kubelet", "node-1", () -> NOW);

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
        assertThat(server.calls.take().method()).isEqualTo("POST");
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
