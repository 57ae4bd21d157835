package io.navarch.agent.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.Waiting;
import io.navarch.agent.volumes.ReferenceReader;
import io.navarch.client.Client;
import io.navarch.client.Transport;
import io.navarch.cri.ContainerConfig;
import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.cri.InMemoryRuntime;
import io.navarch.cri.PodBehaviour;
import io.navarch.cri.SandboxConfig;
import io.navarch.model.Pod;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.SystemTimers;
import io.navarch.process.TaskScope;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A private image, and pods of those who may have it and who may not.
class ImagesTest {
    private static final String IMAGE = "reg.example/private/app:1";
    private static final Login OWNER = new Login("owner", "right");

    /// What programs of the node know.
    private List<RegistryLogins.Known> told = List.of();

    @TempDir
    Path directory;

    private final List<String> events = new ArrayList<>();
    private final List<Optional<Login>> pulls = new ArrayList<>();
    private Runnable slow = () -> {};
    private Consumer<String> asking = image -> {};
    private final TaskScope scope = new TaskScope();

    private final PodBehaviour registry = new PodBehaviour() {
        @Override
        public Duration sandboxStart(SandboxConfig config) {
            return Duration.ZERO;
        }

        @Override
        public String address(SandboxConfig config) {
            return "";
        }

        @Override
        public SimulatedProcess process(ContainerConfig config) {
            return new SimulatedProcess(Optional.empty(), new Exit(Duration.ZERO, 0));
        }

        @Override
        public boolean hasImage(String name, Optional<Login> login) {
            pulls.add(login);
            slow.run();
            return !name.equals(IMAGE) || login.filter(OWNER::equals).isPresent();
        }
    };

    private Instant now = Instant.EPOCH;
    private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);
    private final InMemoryRuntime runtime = new InMemoryRuntime("", registry, clock, new SystemTimers(scope));

    @AfterEach
    void close() {
        scope.close();
    }

    /// The Secrets `right` and `wrong` of every namespace, and no others.
    private Images images() {
        Transport api = (method, uri, type, body) -> {
            var name = uri.substring(uri.lastIndexOf('/') + 1);
            if (!name.equals("right") && !name.equals("wrong"))
                return answer(404, new ApiException(ApiException.Reason.NOT_FOUND, "none").status());
            var login = Base64.getEncoder().encodeToString(("owner:" + name).getBytes(StandardCharsets.UTF_8));
            var config = "{\"auths\": {\"reg.example\": {\"auth\": \"" + login + "\"}}}";
            return answer(
                    200,
                    Map.of(
                            "apiVersion",
                            "v1",
                            "kind",
                            "Secret",
                            "metadata",
                            Map.of("name", name),
                            "data",
                            Map.of(
                                    ".dockerconfigjson",
                                    Base64.getEncoder().encodeToString(config.getBytes(StandardCharsets.UTF_8)))));
        };
        return new Images(
                runtime,
                new ReferenceReader(new Client(api, "kubelet")),
                new PulledImagesOnDisk(directory.resolve("image_manager")),
                (pod, image) -> {
                    asking.accept(image);
                    return told;
                },
                new PodEvents((pod, kind, reason, message, path) -> events.add(reason + ": " + message)),
                () -> now,
                2);
    }

    private static Transport.Response answer(int status, Object tree) {
        return new Transport.Response(status, new ByteArrayInputStream(Json.write(tree)), () -> {});
    }

    private static Pod pod(String uid, String image, String policy, String secret) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, namespace: ns, uid: " + uid + "}, spec: {"
                + (secret.isEmpty() ? "" : "imagePullSecrets: [{name: " + secret + "}], ")
                + "containers: [{name: c, image: '" + image + "', imagePullPolicy: " + policy + "}]}}")));
    }

    private void ensure(Images images, String uid, String image, String policy, String secret) {
        var pod = pod(uid, image, policy, secret);
        images.ensure(pod, pod.spec().containers().getFirst());
    }

    private void refused(Images images, String uid, String policy, String secret, String reason) {
        assertThatThrownBy(() -> ensure(images, uid, IMAGE, policy, secret))
                .isInstanceOfSatisfying(
                        Images.NotPresentException.class,
                        e -> assertThat(e.waiting().reason()).isEqualTo(reason));
    }

    @Test
    void whoCannotPullAPrivateImageCannotUseItBecauseItIsThere() {
        var images = images();
        ensure(images, "owner", IMAGE, "IfNotPresent", "right");
        refused(images, "other", "IfNotPresent", "", "ErrImagePull");
        refused(images, "wrong", "IfNotPresent", "wrong", "ErrImagePull");
        refused(images, "never", "Never", "", "ErrImageNeverPull");
        ensure(images, "owner", IMAGE, "Never", "right");
        // Not forgotten by the next agent.
        refused(images(), "again", "Never", "wrong", "ErrImageNeverPull");
        ensure(images(), "owner", IMAGE, "IfNotPresent", "right");
        assertThat(pulls)
                .containsExactly(Optional.of(OWNER), Optional.empty(), Optional.of(new Login("owner", "wrong")));
    }

    @Test
    void whatAnybodyCouldPullEverybodyUses() {
        var images = images();
        ensure(images, "one", "public:1", "IfNotPresent", "");
        ensure(images, "two", "public:1", "IfNotPresent", "wrong");
        ensure(images, "two", "public:1", "Never", "");
        assertThat(pulls).hasSize(1);
    }

    @Test
    void whatWasThereBeforeTheAgentIsNotChecked() {
        runtime.pullImage(IMAGE, Optional.of(OWNER));
        ensure(images(), "other", IMAGE, "Never", "");
    }

    @Test
    void aPullThatWasInterruptedIsNobodys() {
        runtime.pullImage(IMAGE, Optional.of(OWNER));
        new PulledImagesOnDisk(directory.resolve("image_manager")).pulling(IMAGE);
        refused(images(), "other", "Never", "", "ErrImageNeverPull");
        ensure(images(), "owner", IMAGE, "IfNotPresent", "right");
    }

    @Test
    void aSecretThatIsMissingIsTold() {
        refused(images(), "other", "IfNotPresent", "none", "ErrImagePull");
        assertThat(events)
                .contains("FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (none);"
                        + " attempting to pull the image may not succeed.");
    }

    private void refusedImage(Images images, String image, String policy, String reason, String message) {
        assertThatThrownBy(() -> ensure(images, "u", image, policy, ""))
                .isInstanceOfSatisfying(
                        Images.NotPresentException.class,
                        e -> assertThat(e.waiting()).isEqualTo(new Waiting(reason, message)));
    }

    @Test
    void eventsTellWhatTheKubeletsTell() {
        var images = images();
        ensure(images, "one", "public:1", "IfNotPresent", "");
        ensure(images, "one", "public:1", "IfNotPresent", "");
        var never = "Container image \"other:1\" is not present with pull policy of Never";
        refusedImage(images, "other:1", "Never", "ErrImageNeverPull", never);
        var invalid = "Failed to apply default image tag \"A b\": couldn't parse image name \"A b\": invalid reference"
                + " format: repository name (library/A b) must be lowercase";
        refusedImage(images, "A b", "Always", "InvalidImageName", invalid);
        assertThat(events)
                .containsExactly(
                        "Pulling: Pulling image \"public:1\"",
                        "Pulled: Successfully pulled image \"public:1\" in 0s (0s including waiting). Image size: 0 bytes.",
                        "Pulled: Container image \"public:1\" already present on machine and can be accessed by the pod",
                        "ErrImageNeverPull: " + never,
                        "Failed: Error: ErrImageNeverPull",
                        "InspectFailed: " + invalid,
                        "Failed: Error: InvalidImageName");
    }

    @Test
    void afterAFailureItWaitsLongerEachTime() {
        var images = images();
        var message = "rpc error: code = NotFound desc = failed to pull and unpack image \"" + IMAGE
                + "\": failed to resolve reference: not found";
        for (int seconds : List.of(10, 20, 40, 80, 160, 300, 300)) {
            refusedImage(images, IMAGE, "IfNotPresent", "ErrImagePull", message);
            now = now.plusSeconds(seconds - 1);
            events.clear();
            var waiting = "Back-off pulling image \"" + IMAGE + "\"";
            refusedImage(images, IMAGE, "IfNotPresent", "ImagePullBackOff", waiting + ": ErrImagePull: " + message);
            assertThat(events).containsExactly("BackOff: " + waiting, "Failed: Error: ImagePullBackOff");
            now = now.plusSeconds(1);
        }
        now = now.plusSeconds(700);
        refusedImage(images, IMAGE, "IfNotPresent", "ErrImagePull", message);
        now = now.plusSeconds(11);
        refusedImage(images, IMAGE, "IfNotPresent", "ErrImagePull", message);
    }

    @Test
    void noMoreThanAFewArePulledAtATime() throws Exception {
        var images = images();
        var pulling = new Semaphore(0);
        var go = new Semaphore(0);
        slow = () -> {
            pulling.release();
            go.acquireUninterruptibly();
        };
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3; i++) {
                var image = "slow:" + i;
                var ignored = tasks.submit(() -> ensure(images, image, image, "Always", ""));
            }
            assertThat(pulling.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            assertThat(pulling.tryAcquire(100, TimeUnit.MILLISECONDS))
                    .as("a third")
                    .isFalse();
            go.release();
            assertThat(pulling.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            go.release(2);
        }
    }

    @Test
    void programsThatAreAskedForLoginsHoldUpNobodyElse() throws Exception {
        var images = images();
        var begun = new Semaphore(0);
        var go = new Semaphore(0);
        asking = image -> {
            if (!image.startsWith("slow")) return;
            begun.release();
            go.acquireUninterruptibly();
        };
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            // As many as may be pulled at a time.
            for (int i = 0; i < 2; i++) {
                var image = "slow:" + i;
                var ignored = tasks.submit(() -> ensure(images, image, image, "Always", ""));
            }
            assertThat(begun.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            try {
                tasks.submit(() -> ensure(images, "quick", "quick:1", "Always", ""))
                        .get(30, TimeUnit.SECONDS);
            } finally {
                go.release(2);
            }
        }
    }
}
