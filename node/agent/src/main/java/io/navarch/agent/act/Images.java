package io.navarch.agent.act;

import io.navarch.agent.decide.ImageReference;
import io.navarch.agent.decide.PullCredentials;
import io.navarch.agent.decide.PullFailure;
import io.navarch.agent.decide.References;
import io.navarch.agent.decide.Waiting;
import io.navarch.agent.volumes.ReferenceReader;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Container;
import io.navarch.model.ImageVolumeSource;
import io.navarch.model.Pod;
import io.navarch.model.PullPolicy;
import io.navarch.model.Volume;
import io.navarch.objects.GoDuration;
import io.navarch.process.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
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

    /// After so long without a failure the next one counts as the first.
    private static final Duration FORGIVEN = BACKOFF.limit().multipliedBy(2);

    private record Key(String podUid, String image) {}

    private record Failure(int count, Instant since, Instant until, String reason, String message) {
        /// Not what was before the clock was set back.
        boolean holds(Instant now) {
            return !now.isBefore(since) && now.isBefore(until);
        }

        boolean counts(Instant now) {
            return !now.isAfter(since.plus(FORGIVEN));
        }
    }

    private final ContainerRuntime runtime;
    private final ReferenceReader references;
    private final PulledImages pulled;
    private final RegistryLogins known;
    private final PodEvents events;
    private final InstantSource clock;
    /// How many are pulled at a time; further ones wait for their turn.
    private final Semaphore pulls;

    private final Map<Key, Failure> failures = new ConcurrentHashMap<>();

    public Images(
            ContainerRuntime runtime,
            ReferenceReader references,
            PulledImages pulled,
            RegistryLogins known,
            PodEvents events,
            InstantSource clock,
            int atATime) {
        this.runtime = runtime;
        this.references = references;
        this.pulled = pulled;
        this.known = known;
        this.events = events;
        this.clock = clock;
        pulls = new Semaphore(atATime, true);
    }

    /// Whether the container's image is here and need not be looked for elsewhere.
    boolean present(Container spec) {
        return spec.imagePullPolicy() != PullPolicy.ALWAYS
                && runtime.image(spec.image()).isPresent();
    }

    /// The images that a container has as volumes.
    static List<Volume> volumes(Pod pod, Container spec) {
        return pod.spec().volumes().stream()
                .filter(Volume::hasImage)
                .filter(volume -> spec.volumeMounts().stream()
                        .anyMatch(mount -> mount.name().equals(volume.name())))
                .toList();
    }

    /// The image's id once it is on the node.
    ///
    /// @throws NotPresentException with why the container waits
    String ensure(Pod pod, Container spec) {
        return ensure(new Wanted(pod, spec.name(), spec.image(), spec.imagePullPolicy()));
    }

    /// The same for an image that a container has as a volume; Events are about the pod.
    String ensure(Pod pod, Container spec, ImageVolumeSource volume) {
        try {
            return ensured(new Wanted(pod, "", volume.reference(), volume.pullPolicy()));
        } catch (NotPresentException e) {
            events.warning(pod, spec.name(), "Failed", "Error: " + e.waiting.reason());
            throw e;
        }
    }

    /// @param container that has it, `""` for the pod as a whole
    private record Wanted(Pod pod, String container, String image, PullPolicy policy) {}

    private void normal(Wanted wanted, String reason, String message) {
        if (wanted.container.isEmpty()) events.normal(wanted.pod, reason, message);
        else events.normal(wanted.pod, wanted.container, reason, message);
    }

    private void warning(Wanted wanted, String reason, String message) {
        if (wanted.container.isEmpty()) events.warning(wanted.pod, reason, message);
        else events.warning(wanted.pod, wanted.container, reason, message);
    }

    private String ensure(Wanted wanted) {
        try {
            return ensured(wanted);
        } catch (NotPresentException e) {
            warning(wanted, "Failed", "Error: " + e.waiting.reason());
            throw e;
        }
    }

    private String ensured(Wanted wanted) {
        var image = wanted.image;
        var wrong = ImageReference.problem(image);
        if (wrong.isPresent()) {
            var message = "Failed to apply default image tag \"" + image + "\": couldn't parse image name \"" + image
                    + "\": " + wrong.get();
            warning(wanted, "InspectFailed", message);
            throw new NotPresentException("InvalidImageName", message);
        }
        var policy = wanted.policy;
        var logins = new Logins(wanted.pod, image, logins(wanted.pod, image));
        if (policy != PullPolicy.ALWAYS) {
            var present = inspected(wanted).filter(here -> logins.open(here.id()));
            if (present.isPresent()) {
                var message =
                        "Container image \"" + image + "\" already present on machine and can be accessed by the pod";
                normal(wanted, "Pulled", message);
                return present.get().id();
            }
        }
        if (policy == PullPolicy.NEVER) {
            var message = "Container image \"" + image + "\" is not present with pull policy of Never";
            warning(wanted, "ErrImageNeverPull", message);
            throw new NotPresentException("ErrImageNeverPull", message);
        }
        return pull(wanted, logins);
    }

    /// With which an image may be had: those of the pod, and those that programs of the node know, who are asked only
    /// when it has to be.
    private final class Logins {
        private final Pod pod;
        private final String image;
        private final List<Login> own;
        private @Nullable List<RegistryLogins.Known> told;

        private Logins(Pod pod, String image, List<Login> own) {
            this.pod = pod;
            this.image = image;
            this.own = own;
        }

        private List<RegistryLogins.Known> told() {
            var all = told == null ? known.of(pod, image) : told;
            told = all;
            return all;
        }

        /// Whether the pod may have an image that is here.
        private boolean open(String id) {
            if (pulled.usable(id, image, own)) return true;
            var ofAccount = told().stream()
                    .filter(RegistryLogins.Known::ofAccount)
                    .map(RegistryLogins.Known::login)
                    .toList();
            return !ofAccount.isEmpty() && pulled.usable(id, image, ofAccount);
        }

        private List<Attempt> attempts() {
            var all = new ArrayList<Attempt>();
            own.forEach(login -> all.add(new Attempt(Optional.of(login), false)));
            told().forEach(each -> all.add(new Attempt(Optional.of(each.login()), !each.ofAccount())));
            return all.isEmpty() ? List.of(new Attempt(Optional.empty(), true)) : all;
        }
    }

    /// @param everybodys whether every pod of the node could have the image that way
    private record Attempt(Optional<Login> login, boolean everybodys) {}

    private Optional<ContainerRuntime.Image> inspected(Wanted wanted) {
        try {
            return runtime.image(wanted.image);
        } catch (RuntimeFailure e) {
            var message = "Failed to inspect image \"\": " + e.getMessage();
            warning(wanted, "InspectFailed", message);
            throw new NotPresentException("ImageInspectError", message);
        }
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

    private String pull(Wanted wanted, Logins logins) {
        var image = wanted.image;
        var key = new Key(wanted.pod.uid(), image);
        var now = clock.instant();
        var failure = Optional.ofNullable(failures.get(key)).filter(last -> last.counts(now));
        if (failure.filter(last -> last.holds(now)).isPresent()) {
            var message = "Back-off pulling image \"" + image + "\"";
            normal(wanted, "BackOff", message);
            var last = failure.get();
            throw new NotPresentException("ImagePullBackOff", message + ": " + last.reason + ": " + last.message);
        }
        normal(wanted, "Pulling", "Pulling image \"" + image + "\"");
        try {
            pulled.pulling(image);
            var here = inTurn(wanted, logins, now);
            failures.remove(key);
            return here;
        } catch (RuntimeFailure e) {
            pulled.failed(image);
            var said = String.valueOf(e.getMessage());
            warning(wanted, "Failed", "Failed to pull image \"" + image + "\": " + said);
            var why = PullFailure.of(image, said);
            int count = failure.map(Failure::count).orElse(0) + 1;
            var since = clock.instant();
            failures.put(key, new Failure(count, since, since.plus(BACKOFF.after(count)), why.reason(), why.message()));
            throw new NotPresentException(why.reason(), why.message());
        }
    }

    /// @param asked since when the image is waited for
    private String inTurn(Wanted wanted, Logins logins, Instant asked) {
        var image = wanted.image;
        // Programs that take their time hold up only those whose images they know.
        var attempts = logins.attempts();
        pulls.acquireUninterruptibly();
        try {
            var begun = clock.instant();
            var reference = pull(image, attempts);
            var now = clock.instant();
            var here = runtime.image(image);
            normal(
                    wanted,
                    "Pulled",
                    "Successfully pulled image \"" + image + "\" in " + text(begun, now) + " (" + text(asked, now)
                            + " including waiting). Image size: "
                            + here.map(ContainerRuntime.Image::size).orElse(0L) + " bytes.");
            return here.map(ContainerRuntime.Image::id).orElse(reference);
        } finally {
            pulls.release();
        }
    }

    private static String text(Instant from, Instant to) {
        return GoDuration.text(
                Duration.ofMillis(Math.max(0, Duration.between(from, to).toMillis())));
    }

    /// Tries one login after the other.
    private String pull(String image, List<Attempt> attempts) {
        var messages = new ArrayList<String>();
        for (var attempt : attempts) {
            try {
                return pull(image, attempt);
            } catch (RuntimeFailure e) {
                if (attempts.size() == 1) throw e;
                messages.add(e.getMessage());
            }
        }
        throw new RuntimeFailure(RuntimeFailure.Reason.UNKNOWN, messages.toString());
    }

    private String pull(String image, Attempt attempt) {
        var reference = runtime.pullImage(image, attempt.login);
        pulled.pulled(
                runtime.image(image).map(ContainerRuntime.Image::id).orElse(reference),
                image,
                attempt.everybodys ? Optional.empty() : attempt.login);
        return reference;
    }

    void forget(String podUid) {
        failures.keySet().removeIf(key -> key.podUid.equals(podUid));
    }
}
