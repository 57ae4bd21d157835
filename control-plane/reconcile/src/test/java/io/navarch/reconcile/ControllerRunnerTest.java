package io.navarch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.Caches;
import io.navarch.client.Client;
import io.navarch.client.Events;
import io.navarch.client.Informers;
import io.navarch.client.Transport;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Encoded;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ControllerRunnerTest {
    private static final ObjectKey KEY = new ObjectKey("ns", "a");

    private final BlockingQueue<Events.Event> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> passes = new LinkedBlockingQueue<>();
    private final TaskScope scope = new TaskScope();
    private final FakeApi api = new FakeApi();
    private volatile Decision decision = Decision.NOTHING;

    /// Decides what the test says, and tells what it sees.
    private final class Told implements Controller<ConfigMap> {
        @Override
        public ControllerWiring wiring() {
            return ControllerWiring.of("told-controller")
                    .queue("told")
                    .watches(Resources.CONFIG_MAPS, Controller::self)
                    .build();
        }

        @Override
        public Optional<ConfigMap> observe(Caches caches, ObjectKey key) {
            var object = caches.of(Resources.CONFIG_MAPS).get(key);
            if (!object.exists()) passes.add(key + " gone");
            return object.exists() ? Optional.of(object) : Optional.empty();
        }

        @Override
        public Decision decide(ConfigMap object, Instant now) {
            // Read first: the test changes it when it sees the pass.
            var decided = decision;
            passes.add(object.key() + " " + object.resourceVersion());
            return decided;
        }
    }

    /// One watch, which tells what the test makes it tell.
    private final class Watched implements Transport {
        @Override
        public Response send(String method, String uri, @Nullable String contentType, byte @Nullable [] body) {
            throw new IllegalStateException("only watches are asked for here");
        }

        @Override
        public Events watch(String uri) {
            return new Events() {
                @Override
                public Optional<Event> next() throws IOException {
                    try {
                        return Optional.of(told.take());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IOException("interrupted", e);
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    private void tell(String type, String json) {
        told.add(new Events.Event(type, Encoded.of(json.getBytes(StandardCharsets.UTF_8))));
    }

    private void object(String type, int revision) {
        tell(
                type,
                "{\"metadata\": {\"namespace\": \"ns\", \"name\": \"a\", \"resourceVersion\": \"" + revision + "\"}}");
    }

    private void initialEnd() {
        tell("BOOKMARK", """
                {"metadata": {"resourceVersion": "10", "annotations": {"k8s.io/initial-events-end": "true"}}}""");
    }

    @BeforeEach
    void start() {
        var informers = new Informers(new Client(new Watched(), "test"));
        var executor = new ActionExecutor(
                api,
                (about, type, reason, message) -> {},
                sample -> {},
                Set.of(Resources.CONFIG_MAPS),
                Executors::newVirtualThreadPerTaskExecutor);
        new ControllerRunner<>(ControllerRun.of(new Told()), informers, executor, new Metrics(), Instant::now)
                .start(scope, 2);
        informers.start(scope);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void nothingIsDecidedBeforeTheCachesAreWhole() throws InterruptedException {
        object("ADDED", 3);
        object("MODIFIED", 4);
        initialEnd();
        // One pass over the latest state, however often it changed before.
        assertThat(passes.take()).isEqualTo(KEY + " 4");
        object("DELETED", 11);
        assertThat(passes.take()).isEqualTo(KEY + " gone");
        assertThat(passes).isEmpty();
    }

    @Test
    void whatAskedForItIsLookedAtAgain() throws InterruptedException {
        decision = Decision.builder().requeueAfter(Duration.ofMillis(1)).build();
        object("ADDED", 3);
        initialEnd();
        assertThat(passes.take()).isEqualTo(KEY + " 3");
        assertThat(passes.take()).isEqualTo(KEY + " 3");
        decision = Decision.NOTHING;
    }

    private static Decision update() {
        var change = ConfigMap.builder()
                .metadata(metadata -> metadata.name("a").namespace("ns"))
                .build();
        return Decision.of(new Action.Update(Resources.CONFIG_MAPS, change, ""));
    }

    @Test
    void afterAWriteNothingIsDecidedUntilTheCacheShowsIt() throws InterruptedException {
        decision = update();
        object("ADDED", 3);
        initialEnd();
        assertThat(passes.take()).isEqualTo(KEY + " 3");
        decision = Decision.NOTHING;
        // What was written has revision 101; this change is older.
        object("MODIFIED", 50);
        object("MODIFIED", 101);
        assertThat(passes.take()).isEqualTo(KEY + " 101");
        assertThat(api.calls).containsExactly("update a");
    }

    @Test
    void aPassThatFailsComesBack() throws InterruptedException {
        decision = update();
        api.refuse("update a", new ApiException(ApiException.Reason.CONFLICT, "changed"));
        object("ADDED", 3);
        initialEnd();
        assertThat(passes.take()).isEqualTo(KEY + " 3");
        assertThat(passes.take()).isEqualTo(KEY + " 3");
        decision = Decision.NOTHING;
    }
}
