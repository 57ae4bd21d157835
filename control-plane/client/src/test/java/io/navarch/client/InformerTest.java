package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InformerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ScriptedTransport server = new ScriptedTransport(call -> View.ABSENT);
    private final TaskScope scope = new TaskScope();
    private final Informer<ConfigMap> informer = new Informer<>(new Client(server, "test"), Resources.CONFIG_MAPS, "")
            .indexedBy("a", object -> List.of(object.data().getOrDefault("a", "none")));
    /// Old and new value of `a`, `-` where there is no object.
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        informer.onChange((old, now) -> changes.add(value(old) + ">" + value(now)));
        informer.start(scope);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static String value(ConfigMap object) {
        return object.exists() ? object.data().getOrDefault("a", "none") : "-";
    }

    private static String object(String name, int revision, String value) {
        return """
                {"metadata": {"namespace": "ns", "name": "%s", "resourceVersion": "%d"}, "data": {"a": "%s"}}\
                """.formatted(name, revision, value);
    }

    private void initialEnd(int revision) {
        server.tell("BOOKMARK", """
                {"metadata": {"resourceVersion": "%d", "annotations": {"k8s.io/initial-events-end": "true"}}}\
                """.formatted(revision));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("ns", name);
    }

    @Test
    void itIsSyncedOnceAllThatThereWasHasCome() throws InterruptedException {
        assertThat(server.watches.take()).contains("sendInitialEvents=true");
        server.tell("ADDED", object("x", 5, "1"));
        assertThat(changes.take()).isEqualTo("->1");
        assertThat(informer.synced()).isFalse();
        initialEnd(7);
        informer.awaitSync();
        assertThat(informer.await(7, LIMIT)).isTrue();
        assertThat(informer.await(8, Duration.ZERO)).isFalse();
        assertThat(informer.get(key("x")).data()).containsEntry("a", "1");
    }

    @Test
    void changesComeInOrderAndIndexesFollow() throws InterruptedException {
        server.tell("ADDED", object("x", 5, "1"));
        initialEnd(5);
        server.tell("MODIFIED", object("x", 6, "2"));
        server.tell("MODIFIED", object("x", 6, "2"));
        server.tell("DELETED", object("x", 7, "2"));
        server.tell("ADDED", object("y", 8, "3"));
        assertThat(informer.await(8, LIMIT)).isTrue();
        assertThat(changes).containsExactly("->1", "1>2", "2>-", "->3");
        assertThat(informer.byIndex("a", "2")).isEmpty();
        assertThat(informer.byIndex("a", "3")).extracting(ConfigMap::name).containsExactly("y");
    }

    @Test
    void aBrokenWatchGoesOnWhereItStood() throws InterruptedException {
        initialEnd(5);
        server.tell("ADDED", object("x", 9, "1"));
        server.endWatch();
        server.watches.take();
        assertThat(server.watches.take()).contains("resourceVersion=9").doesNotContain("sendInitialEvents");
    }

    @Test
    void afterTheHistoryIsGoneWhatIsMissingCountsAsDeleted() throws InterruptedException {
        server.tell("ADDED", object("x", 4, "1"));
        server.tell("ADDED", object("y", 5, "2"));
        initialEnd(5);
        server.tell(
                "ERROR", "{\"kind\": \"Status\", \"code\": 410, \"reason\": \"Expired\", \"message\": \"too old\"}");
        server.tell("ADDED", object("y", 5, "2"));
        initialEnd(20);
        assertThat(informer.await(20, LIMIT)).isTrue();
        assertThat(changes).containsExactly("->1", "->2", "1>-");
        assertThat(informer.all()).extracting(ConfigMap::name).containsExactly("y");
    }

    /// Without the end of what there was, nobody knows what is missing.
    @Test
    void aWatchThatBreaksBeforeItIsWholeBeginsAnew() throws InterruptedException {
        server.tell("ADDED", object("x", 4, "1"));
        server.endWatch();
        server.watches.take();
        assertThat(server.watches.take()).contains("sendInitialEvents=true");
        assertThat(informer.synced()).isFalse();
    }

    @Test
    void aHandlerThatFailsKeepsNothingFromTheOthers() throws InterruptedException {
        informer.onChange((old, now) -> {
            throw new IllegalStateException("on purpose");
        });
        server.tell("ADDED", object("x", 4, "1"));
        initialEnd(5);
        assertThat(informer.await(5, LIMIT)).isTrue();
        assertThat(changes).containsExactly("->1");
    }

    /// Otherwise two informers whose handlers read each other would wait for each other for ever.
    @Test
    void readingWaitsForNoHandler() throws InterruptedException {
        var handling = new CountDownLatch(1);
        var read = new CountDownLatch(1);
        informer.onChange((old, now) -> {
            handling.countDown();
            awaited(read);
        });
        server.tell("ADDED", object("x", 4, "1"));
        assertThat(awaited(handling)).isTrue();
        var reader = Thread.ofVirtual().start(() -> {
            informer.byIndex("a", "1");
            informer.count("a", "1");
            informer.get(key("x"));
            informer.all();
            read.countDown();
        });
        assertThat(reader.join(LIMIT)).isTrue();
        initialEnd(5);
        assertThat(informer.await(5, LIMIT)).isTrue();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(LIMIT.toSeconds() * 2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void theLastStateLeavesNothingOfTheOneBeforeInAnIndex() throws InterruptedException {
        server.tell("ADDED", object("x", 4, "1"));
        initialEnd(5);
        server.tell("DELETED", object("x", 6, "2"));
        server.tell("ADDED", object("x", 7, "3"));
        assertThat(informer.await(7, LIMIT)).isTrue();
        assertThat(informer.byIndex("a", "1")).isEmpty();
        assertThat(informer.count("a", "1")).isZero();
    }
}
