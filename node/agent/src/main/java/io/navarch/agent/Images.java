package io.navarch.agent;

import io.navarch.cri.ContainerRuntime;
import io.navarch.objects.View;
import io.navarch.process.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Brings images onto the node, by pull policy, and waits longer after every failure.
final class Images {
    /// The container cannot start: its image is not there.
    static final class NotPresentException extends RuntimeException {
        private final String reason;

        NotPresentException(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /// Told what goes on, for events.
    interface Listener {
        void normal(String reason, String message);

        void warning(String reason, String message);
    }

    private record Failure(int count, Instant until, String message) {}

    private final ContainerRuntime runtime;
    private final InstantSource clock;
    private final Backoff backoff = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    Images(ContainerRuntime runtime, InstantSource clock) {
        this.runtime = runtime;
        this.clock = clock;
    }

    /// The image's id once it is on the node.
    ///
    /// @throws NotPresentException with the container's waiting reason
    String ensure(View pod, View container, Listener listener) {
        var image = container.get("image").string();
        var policy = container.get("imagePullPolicy").string();
        if (!image.matches("[\\w][\\w.:/@-]*") || image.matches(".*[A-Z].*/.*") && !image.contains("@")) {
            throw new NotPresentException(
                    "InvalidImageName",
                    "Failed to apply default image tag \"" + image + "\": couldn't parse image name \"" + image
                            + "\": invalid reference format");
        }
        if (!policy.equals("Always")) {
            var present = runtime.image(image);
            if (present != null) {
                listener.normal("Pulled", "Container image \"" + image + "\" already present on machine");
                return present.getId();
            }
        }
        if (policy.equals("Never")) {
            listener.warning(
                    "ErrImageNeverPull", "Container image \"" + image + "\" is not present with pull policy of Never");
            throw new NotPresentException(
                    "ErrImageNeverPull", "Container image \"" + image + "\" is not present with pull policy of Never");
        }
        var key = pod.uid() + "/" + image;
        var failure = failures.get(key);
        if (failure != null && failure.until.isAfter(clock.instant())) {
            listener.normal("BackOff", "Back-off pulling image \"" + image + "\"");
            throw new NotPresentException(
                    "ImagePullBackOff", "Back-off pulling image \"" + image + "\": ErrImagePull: " + failure.message);
        }
        return pull(image, key, failure, listener);
    }

    private String pull(String image, String key, Failure failure, Listener listener) {
        listener.normal("Pulling", "Pulling image \"" + image + "\"");
        long start = clock.millis();
        try {
            var reference = runtime.pullImage(image);
            long millis = clock.millis() - start;
            listener.normal(
                    "Pulled",
                    "Successfully pulled image \"" + image + "\" in " + millis + "ms (" + millis
                            + "ms including waiting)");
            failures.remove(key);
            var present = runtime.image(image);
            return present == null ? reference : present.getId();
        } catch (ContainerRuntime.RuntimeFailure e) {
            int count = failure == null ? 1 : failure.count + 1;
            failures.put(key, new Failure(count, clock.instant().plus(backoff.after(count)), e.getMessage()));
            listener.warning("Failed", "Failed to pull image \"" + image + "\": " + e.getMessage());
            listener.warning("Failed", "Error: ErrImagePull");
            throw new NotPresentException("ErrImagePull", e.getMessage());
        }
    }
}
