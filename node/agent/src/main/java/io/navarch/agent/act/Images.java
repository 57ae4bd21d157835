package io.navarch.agent.act;

import io.navarch.agent.decide.Waiting;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.PullPolicy;
import io.navarch.process.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Brings images onto the node, by pull policy, and waits longer after every failure.
public final class Images {
    /// The container cannot start: its image is not there.
    static final class NotPresentException extends RuntimeException {
        private final Waiting waiting;

        NotPresentException(String reason, String message) {
            super(message);
            waiting = new Waiting(reason, message);
        }

        Waiting waiting() {
            return waiting;
        }
    }

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));
    private static final Pattern NAME = Pattern.compile("[\\w][\\w.:/@-]*");
    private static final Pattern UPPER_CASE_PATH = Pattern.compile(".*[A-Z].*/.*");

    private record Key(String podUid, String image) {}

    private record Failure(int count, Instant until, String message) {}

    private final ContainerRuntime runtime;
    private final PodEvents events;
    private final InstantSource clock;
    private final Map<Key, Failure> failures = new ConcurrentHashMap<>();

    public Images(ContainerRuntime runtime, PodEvents events, InstantSource clock) {
        this.runtime = runtime;
        this.events = events;
        this.clock = clock;
    }

    /// Whether the container's image is here and need not be looked for elsewhere.
    boolean present(Container spec) {
        return spec.imagePullPolicy() != PullPolicy.ALWAYS
                && runtime.image(spec.image()).isPresent();
    }

    /// The image's id once it is on the node.
    ///
    /// @throws NotPresentException with why the container waits
    String ensure(Pod pod, Container spec) {
        var image = spec.image();
        if (!valid(image)) {
            throw new NotPresentException(
                    "InvalidImageName",
                    "Failed to apply default image tag \"" + image + "\": couldn't parse image name \"" + image
                            + "\": invalid reference format");
        }
        var policy = spec.imagePullPolicy();
        if (policy != PullPolicy.ALWAYS) {
            var present = runtime.image(image);
            if (present.isPresent()) {
                var message = "Container image \"" + image + "\" already present on machine";
                events.normal(pod, spec.name(), "Pulled", message);
                return present.get().id();
            }
        }
        if (policy == PullPolicy.NEVER) {
            var message = "Container image \"" + image + "\" is not present with pull policy of Never";
            events.warning(pod, spec.name(), "ErrImageNeverPull", message);
            throw new NotPresentException("ErrImageNeverPull", message);
        }
        return pull(pod, spec);
    }

    private static boolean valid(String image) {
        return NAME.matcher(image).matches()
                && (image.contains("@") || !UPPER_CASE_PATH.matcher(image).matches());
    }

    private String pull(Pod pod, Container spec) {
        var image = spec.image();
        var key = new Key(pod.uid(), image);
        var failure = failures.get(key);
        if (failure != null && failure.until.isAfter(clock.instant())) {
            var message = "Back-off pulling image \"" + image + "\"";
            events.normal(pod, spec.name(), "BackOff", message);
            throw new NotPresentException("ImagePullBackOff", message + ": ErrImagePull: " + failure.message);
        }
        events.normal(pod, spec.name(), "Pulling", "Pulling image \"" + image + "\"");
        long start = clock.millis();
        try {
            var reference = runtime.pullImage(image);
            long millis = clock.millis() - start;
            events.normal(
                    pod,
                    spec.name(),
                    "Pulled",
                    "Successfully pulled image \"" + image + "\" in " + millis + "ms (" + millis
                            + "ms including waiting)");
            failures.remove(key);
            return runtime.image(image).map(ContainerRuntime.Image::id).orElse(reference);
        } catch (RuntimeFailure e) {
            var message = String.valueOf(e.getMessage());
            failures.put(key, next(failure, message));
            events.warning(pod, spec.name(), "Failed", "Failed to pull image \"" + image + "\": " + message);
            events.warning(pod, spec.name(), "Failed", "Error: ErrImagePull");
            throw new NotPresentException("ErrImagePull", message);
        }
    }

    private Failure next(@Nullable Failure last, String message) {
        int count = last == null ? 1 : last.count + 1;
        return new Failure(count, clock.instant().plus(BACKOFF.after(count)), message);
    }

    void forget(String podUid) {
        failures.keySet().removeIf(key -> key.podUid.equals(podUid));
    }
}
