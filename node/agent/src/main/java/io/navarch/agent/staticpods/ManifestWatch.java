package io.navarch.agent.staticpods;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import io.navarch.kinds.pod.PodManifest;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the directory with the manifests of the pods that the node runs by itself: at once when the kernel tells of
/// a change, and else every twenty seconds, as the kubelet.
public final class ManifestWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestWatch.class);

    private static final Duration LIST = Duration.ofSeconds(20);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    /// A file that is written comes in pieces.
    private static final Duration WRITTEN = Duration.ofMillis(50);

    private final ManifestDirectory directory;
    private final StaticPods pods;
    /// Empty where the kernel does not tell of changes; of the task that follows them.
    private Optional<WatchService> watch = Optional.empty();

    public ManifestWatch(Path path, String node, Supplier<PodManifest> manifests, StaticPods pods) {
        directory = new ManifestDirectory(path, node, manifests);
        this.pods = pods;
    }

    /// Runs what is described now, and from then on follows what changes.
    public void start(TaskScope scope) {
        begin();
        scope.every("manifests", AGAIN.toMillis(), () -> {
            if (watch.isPresent()) follow(watch.get(), scope);
            else if (Files.isDirectory(directory.path())) TaskScope.pause(LIST);
            begin();
        });
    }

    private void begin() {
        // Nothing that happens after the list is missed.
        watch = watch();
        list();
    }

    /// A file that describes nothing (any more) has no pod.
    void list() {
        try {
            pods.replace(directory.list());
        } catch (IOException e) {
            LOG.warn("pods run on as they are: {}", e.getMessage());
        }
    }

    /// Empty when the kernel does not tell of changes, or there is no directory.
    private Optional<WatchService> watch() {
        try {
            var service = FileSystems.getDefault().newWatchService();
            try {
                directory.path().register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
                return Optional.of(service);
            } catch (IOException e) {
                service.close();
                throw e;
            }
        } catch (IOException e) {
            LOG.debug("manifests cannot be followed: {}", e.toString());
            return Optional.empty();
        }
    }

    /// Returns when the directory is no more.
    private void follow(WatchService service, TaskScope scope) throws InterruptedException, IOException {
        try (service) {
            long listed = System.nanoTime();
            while (!scope.closed()) {
                long left = LIST.toNanos() - (System.nanoTime() - listed);
                var key = service.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
                if (key == null) {
                    list();
                    listed = System.nanoTime();
                    continue;
                }
                TaskScope.pause(WRITTEN);
                apply(key.pollEvents());
                if (!key.reset()) return;
            }
        }
    }

    /// In their order: a file that went and came back describes the pod's end and a new one.
    void apply(List<WatchEvent<?>> events) {
        // Whether it is to be read, once all is told.
        var touched = new LinkedHashMap<String, Boolean>();
        for (var event : events) {
            if (event.kind() == OVERFLOW || !(event.context() instanceof Path name)) {
                list();
                return;
            }
            var file = name.toString();
            if (!ManifestDirectory.counts(file)) continue;
            boolean gone = event.kind() == ENTRY_DELETE;
            if (gone) pods.remove(file);
            touched.put(file, !gone);
        }
        touched.forEach((file, there) -> {
            // One that cannot be used changes nothing until all are listed: somebody may still be writing it.
            if (there) directory.read(file).ifPresent(pod -> pods.put(file, pod));
        });
    }
}
