package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.DeadFileSystem;
import io.navarch.agent.linux.MountTable;
import io.navarch.cri.ContainerConfig.Mount;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SubPathsTest {
    private static final String REFUSED = "failed to prepare subPath for volumeMount \"v\" of container \"c\"";

    @TempDir
    Path root;

    private Path volume;
    private BoundedCalls calls = new BoundedCalls(Duration.ofMinutes(1));

    @BeforeEach
    void volume() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        volume = Files.createDirectories(root.resolve("pods/u/volumes/kubernetes.io~empty-dir/v"));
    }

    @AfterEach
    void unmount() throws IOException {
        MountTable.clear(root, new BoundedCalls(Duration.ofMinutes(1)));
    }

    private Mount mount(String subPath) throws IOException {
        var pod = Pod.of(View.of(Yaml.parse("{metadata: {name: p, namespace: ns, uid: u}, spec: {volumes: [{name: v, "
                + "emptyDir: {}}], containers: [{name: c, volumeMounts: [{name: v, mountPath: /m, " + subPath
                + "}]}]}}")));
        var directories = new PodDirectories(root);
        var mounts = new Mounts(directories, pod, volume -> directories.volume(pod.uid(), volume), calls);
        return mounts.of(pod.spec().containers().getFirst(), 0, Map.of("WHO", "me"))
                .getFirst();
    }

    private Path shown(String subPath) throws IOException {
        return Path.of(mount(subPath).hostPath());
    }

    private void refused(String subPath) {
        assertThatThrownBy(() -> mount(subPath))
                .as(subPath)
                .isInstanceOf(UnresolvedException.class)
                .hasMessage(REFUSED);
    }

    @Test
    void aPartOfAVolumeIsMadeWhenItIsNotThere() throws IOException {
        FileOwner.mode(volume, 02777);
        var shown = shown("subPathExpr: of-$(WHO)/deep");
        assertThat(shown).isEqualTo(root.resolve("pods/u/volume-subpaths/v/c/0"));
        assertThat(Files.isSameFile(shown, volume.resolve("of-me/deep"))).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shown)))
                .isEqualTo("rwxrwxrwx");
    }

    @Test
    void aFileIsShownAsAFile() throws IOException {
        Files.writeString(volume.resolve("file"), "text");
        assertThat(shown("subPath: file")).hasContent("text");
    }

    @Test
    void aLinkWithinTheVolumeIsFollowedAndOneThatLeadsOutIsNot() throws IOException {
        Files.createDirectory(volume.resolve("real"));
        Files.createSymbolicLink(volume.resolve("inside"), Path.of("real"));
        Files.createSymbolicLink(volume.resolve("outside"), root);
        Files.createSymbolicLink(volume.resolve("up"), Path.of("../../.."));
        Files.createSymbolicLink(volume.resolve("nowhere"), root.resolve("not-yet"));
        Files.createSymbolicLink(volume.resolve("near"), Path.of("not-yet"));
        Files.createSymbolicLink(volume.resolve("magic"), Path.of("/proc/self/root"));
        assertThat(Files.isSameFile(shown("subPath: inside/new"), volume.resolve("real/new")))
                .isTrue();
        for (var sub : new String[] {
            "outside", "outside/new", "outside/pods", "up/u", "nowhere", "nowhere/new", "near/new", "magic/etc"
        }) refused("subPath: " + sub);
        assertThat(root.resolve("new")).doesNotExist();
        assertThat(root.resolve("not-yet")).doesNotExist();
        assertThat(volume.resolve("not-yet")).doesNotExist();
    }

    @Test
    void aPathIsRefusedThatClimbsOrStartsAtTheRoot() {
        assertThatThrownBy(() -> mount("subPath: a/../../b"))
                .hasMessage("unable to provision SubPath `a/../../b`: must not contain '..'");
        assertThatThrownBy(() -> mount("subPath: /etc"))
                .hasMessage("error SubPath `/etc` must not be an absolute path");
    }

    @Test
    void whatIsShownStaysWhateverTheContainerPutsInItsPlace() throws IOException {
        Files.createDirectories(volume.resolve("part/mine"));
        var shown = shown("subPath: part");
        Files.move(volume.resolve("part"), volume.resolve("away"));
        Files.createSymbolicLink(volume.resolve("part"), Path.of("/etc"));
        assertThat(shown.resolve("mine")).isDirectory();
        refused("subPath: part");
        assertThat(shown.resolve("passwd")).doesNotExist();
    }

    @Test
    void nothingIsMountedTwiceAndAnotherPartReplacesTheFirst() throws IOException {
        shown("subPath: a");
        shown("subPath: a");
        assertThat(MountTable.below(root)).hasSize(1);
        Files.move(volume.resolve("a"), volume.resolve("b"));
        Files.writeString(volume.resolve("a"), "now a file");
        assertThat(shown("subPath: a")).hasContent("now a file");
        assertThat(MountTable.below(root)).hasSize(1);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aVolumeThatDoesNotAnswerIsWaitedForNoLongerThanForAWhile() throws IOException {
        try (var dead = DeadFileSystem.at(volume)) {
            assertThat(dead).isNotNull();
            calls = new BoundedCalls(Duration.ofMillis(500));
            refused("subPath: part");
            // At once.
            refused("subPath: part");
            MountTable.clear(volume, new BoundedCalls(Duration.ofMinutes(1)));
        }
        calls = new BoundedCalls(Duration.ofMinutes(1));
        assertThat(shown("subPath: part")).isDirectory();
    }

    /// The container exchanges the directory for a link to the outside as fast as it can, while the agent looks at it.
    @Test
    void noRaceLeadsOut() throws Exception {
        var outside = Files.createDirectories(root.resolve("outside/part"));
        Files.createDirectories(volume.resolve("real/part"));
        Files.createDirectories(volume.resolve("spare"));
        var over = new AtomicBoolean();
        var attacker = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; !over.get(); i++) {
                    var link = volume.resolve("next");
                    Files.createSymbolicLink(link, i % 2 == 0 ? Path.of("real") : root.resolve("outside"));
                    Files.move(link, volume.resolve("x"), StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        int through = 0;
        for (int i = 0; i < 2000; i++) {
            try {
                var shown = shown("subPath: x/part");
                assertThat(Files.isSameFile(shown, outside)).isFalse();
                through++;
            } catch (UnresolvedException e) {
                assertThat(e).hasMessage(REFUSED);
            }
            try {
                shown("subPath: x/made-" + i + "/deep");
            } catch (UnresolvedException e) {
                assertThat(e).hasMessage(REFUSED);
            }
        }
        over.set(true);
        attacker.join();
        assertThat(through).isPositive();
        assertThat(outside.getParent().toFile().list()).containsExactly("part");
    }
}
