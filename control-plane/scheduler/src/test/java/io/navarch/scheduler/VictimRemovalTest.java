package io.navarch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.Client;
import io.navarch.client.SeriesRecorder;
import io.navarch.client.Transport;
import io.navarch.model.EventsEvent;
import io.navarch.model.Pod;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.TaskScope;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VictimRemovalTest {
    private static Pod pod(String name) {
        return Pod.of(View.of(Yaml.parse("{apiVersion: v1, kind: Pod, metadata: {name: " + name
                + ", namespace: ns, uid: u-" + name + "}, spec: {schedulerName: default-scheduler}}")));
    }

    @Test
    void whoIsNotOnItsNodeYetIsCalledBackAndNotDeleted() throws InterruptedException {
        var writes = new CopyOnWriteArrayList<String>();
        var notes = new ConcurrentHashMap<String, String>();
        var told = new CountDownLatch(2);
        Transport server = (method, uri, type, body) -> {
            var sent = body == null ? Map.of() : Json.parseMap(body);
            if (uri.contains("/events")) {
                var event = EventsEvent.of(View.of(sent));
                notes.put(event.regarding().name(), event.note());
                told.countDown();
            } else {
                writes.add(method + " " + uri.replaceAll("[?].*", ""));
            }
            return new Transport.Response(
                    200, new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)), () -> {});
        };
        var client = new Client(server, "test");
        var scope = new TaskScope();
        try {
            var events = new SeriesRecorder(client, "default-scheduler", "here", Instant::now);
            events.start(scope);
            var removal = new VictimRemoval(
                    client, events, Instant::now, victim -> victim.name().equals("waits"));
            removal.remove(pod("more"), new Preemption.Answer.Victims("n", List.of(pod("waits"), pod("runs")), 0));
            told.await();
        } finally {
            scope.close();
        }
        assertThat(writes)
                .containsExactly(
                        "PATCH /api/v1/namespaces/ns/pods/runs/status", "DELETE /api/v1/namespaces/ns/pods/runs");
        assertThat(notes)
                .isEqualTo(Map.of(
                        "waits",
                        "Preempted by pod u-more on node n (in kube-scheduler memory).",
                        "runs",
                        "Preempted by pod u-more on node n"));
    }

    @Test
    void onlyThoseThatWaitAreCalledBack() {
        var waiting = new WaitingBindings();
        assertThat(waiting.callBack("u")).isFalse();
        waiting.begin("u");
        assertThat(waiting.isCalledBack("u")).isFalse();
        assertThat(waiting.callBack("u")).isTrue();
        assertThat(waiting.isCalledBack("u")).isTrue();
        assertThat(waiting.end("u")).isTrue();
        assertThat(waiting.callBack("u")).isFalse();
        waiting.begin("u");
        assertThat(waiting.end("u")).isFalse();
    }
}
