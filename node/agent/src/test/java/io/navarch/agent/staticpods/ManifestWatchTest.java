package io.navarch.agent.staticpods;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.act.PodRecords;
import io.navarch.kinds.BuiltInKinds;
import io.navarch.kinds.pod.PodManifest;
import io.navarch.model.Pod;
import io.navarch.model.PodStatus;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestWatchTest {
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec: {containers: [{name: c, image: %s}]}
            """;

    private static final PodRecords NOWHERE = new PodRecords() {
        @Override
        public Optional<Pod> write(Pod pod, PodStatus status) {
            return Optional.empty();
        }

        @Override
        public void delete(Pod pod) {}
    };

    @TempDir
    Path path;

    private final TaskScope scope = new TaskScope();
    private final BlockingQueue<Pod> changes = new LinkedBlockingQueue<>();
    private StaticPods pods;

    @BeforeEach
    void begin() throws IOException {
        pods = new StaticPods(NOWHERE, (old, now) -> changes.add(now), key -> {}, InstantSource.system());
        var manifests = new PodManifest(BuiltInKinds.types());
        write("first");
        new ManifestWatch(path, "n", () -> manifests, pods).start(scope);
    }

    @AfterEach
    void end() {
        scope.close();
    }

    private void write(String image) throws IOException {
        var file = Files.writeString(path.resolve(".web.yaml.new"), POD.formatted(image));
        Files.move(file, path.resolve("web.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private Pod next() throws InterruptedException {
        var next = changes.poll(60, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static String image(Pod pod) {
        return pod.spec().containers().getFirst().image();
    }

    @Test
    void whatIsThereAtTheStartRunsAtOnce() {
        assertThat(changes.poll()).satisfies(pod -> assertThat(image(pod)).isEqualTo("first"));
    }

    @Test
    void anotherTextEndsThePodAndBeginsTheNextOne() throws Exception {
        var first = next();
        write("second");
        var ending = next();
        assertThat(ending.uid()).isEqualTo(first.uid());
        assertThat(ending.deleting()).isTrue();
        pods.released(first.uid());
        assertThat(image(next())).isEqualTo("second");
    }

    @Test
    void aFileThatComesBackIsAnotherStart() throws Exception {
        var first = next();
        Files.delete(path.resolve("web.yaml"));
        write("first");
        assertThat(next().deleting()).isTrue();
        pods.released(first.uid());
        var again = next();
        assertThat(again.uid()).isEqualTo(first.uid());
        assertThat(again.deleting()).isFalse();
    }

    /// Until all are listed the next time: whoever writes may not be done.
    @Test
    void aTextThatCannotBeUsedEndsNothingAtOnce() throws Exception {
        next();
        Files.writeString(path.resolve("web.yaml"), "{");
        Files.writeString(path.resolve("other.yaml"), POD.formatted("other").replace("web", "other"));
        assertThat(image(next())).isEqualTo("other");
        assertThat(pods.all()).hasSize(2).noneMatch(Pod::deleting);
    }

    @Test
    void aDirectoryThatIsGoneHasNoPods() throws Exception {
        next();
        Files.delete(path.resolve("web.yaml"));
        Files.delete(path);
        assertThat(next().deleting()).isTrue();
        Files.createDirectory(path);
        pods.released(pods.all().iterator().next().uid());
        write("later");
        assertThat(image(next())).isEqualTo("later");
    }
}
