package io.navarch.agent.act;

import io.navarch.agent.decide.PullCredentials;
import io.navarch.agent.decide.References;
import io.navarch.agent.decide.Waiting;
import io.navarch.agent.volumes.ReferenceReader;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.PullPolicy;
import io.navarch.process.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private record Key(String podUid, String image) {}

    private record Failure(int count, Instant since, Instant until, String message) {
        /// Not what was before the clock was set back.
        boolean holds(Instant now) {
            return !now.isBefore(since) && now.isBefore(until);
        }
    }

    private final ContainerRuntime runtime;
    private final ReferenceReader references;
    private final PulledImages pulled;
    private final PodEvents events;
    private final InstantSource clock;
    private final Map<Key, Failure> failures = new ConcurrentHashMap<>();

    public Images(
            ContainerRuntime runtime,
            ReferenceReader references,
            PulledImages pulled,
            PodEvents events,
            InstantSource clock) {
        this.runtime = runtime;
        this.references = references;
        this.pulled = pulled;
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
        var logins = logins(pod, image);
        if (policy != PullPolicy.ALWAYS) {
            var present = runtime.image(image).filter(here -> pulled.usable(here.id(), image, logins));
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
        return pull(pod, spec, logins);
    }

    private List<Login> logins(Pod pod, String image) {
        if (pod.spec().imagePullSecrets().isEmpty()) return List.of();
        var names = References.ofPullSecrets(pod);
        var found = references.read(pod.namespace(), names).secrets();
        var missing = names.secrets().stream()
                .filter(name -> !found.containsKey(name))
                .sorted()
                .toList();
        if (!missing.isEmpty())
            events.warning(
                    pod,
                    "FailedToRetrieveImagePullSecret",
                    "Unable to retrieve some image pull secrets (" + String.join(", ", missing)
                            + "); attempting to pull the image may not succeed.");
        return PullCredentials.of(image, found.values());
    }

    private static boolean valid(String image) {
        return NAME.matcher(image).matches() && (image.contains("@") || !upperCasePath(image));
    }

    private static boolean upperCasePath(String image) {
        return image.chars().limit(Math.max(0, image.lastIndexOf('/'))).anyMatch(c -> c >= 'A' && c <= 'Z');
    }

    private String pull(Pod pod, Container spec, List<Login> logins) {
        var image = spec.image();
        var key = new Key(pod.uid(), image);
        var failure = failures.get(key);
        if (failure != null && failure.holds(clock.instant())) {
            var message = "Back-off pulling image \"" + image + "\"";
            events.normal(pod, spec.name(), "BackOff", message);
            throw new NotPresentException("ImagePullBackOff", message + ": ErrImagePull: " + failure.message);
        }
        events.normal(pod, spec.name(), "Pulling", "Pulling image \"" + image + "\"");
        long start = clock.millis();
        try {
            pulled.pulling(image);
            var reference = pull(image, logins);
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
            pulled.failed(image);
            var message = String.valueOf(e.getMessage());
            failures.put(key, next(failure, message));
            events.warning(pod, spec.name(), "Failed", "Failed to pull image \"" + image + "\": " + message);
            events.warning(pod, spec.name(), "Failed", "Error: ErrImagePull");
            throw new NotPresentException("ErrImagePull", message);
        }
    }

    /// Tries one login after the other; whoever has none asks as nobody.
    private String pull(String image, List<Login> logins) {
        if (logins.isEmpty()) return pull(image, Optional.empty());
        var messages = new ArrayList<String>();
        for (var login : logins) {
            try {
                return pull(image, Optional.of(login));
            } catch (RuntimeFailure e) {
                if (logins.size() == 1) throw e;
                messages.add(e.getMessage());
            }
        }
        throw new RuntimeFailure(RuntimeFailure.Reason.UNKNOWN, messages.toString());
    }

    private String pull(String image, Optional<Login> login) {
        var reference = runtime.pullImage(image, login);
        pulled.pulled(runtime.image(image).map(ContainerRuntime.Image::id).orElse(reference), image, login);
        return reference;
    }

    private Failure next(@Nullable Failure last, String message) {
        int count = last == null ? 1 : last.count + 1;
        var now = clock.instant();
        return new Failure(count, now, now.plus(BACKOFF.after(count)), message);
    }

    void forget(String podUid) {
        failures.keySet().removeIf(key -> key.podUid.equals(podUid));
    }
}
