package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.cri.ContainerConfig.Mount;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    @TempDir
    Path root;

    private static Pod pod(String volume, String mount) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, namespace: ns, uid: u}, spec: {volumes: [{name: v, "
                + volume + "}], containers: [{name: c, volumeMounts: [{name: v, mountPath: /m" + mount + "}]}]}}")));
    }

    private Mount mount(Pod pod) throws IOException {
        var mounts = new Mounts(new PodDirectories(root), pod);
        return mounts.of(pod.spec().containers().getFirst(), 0, Map.of("WHO", "me"))
                .getFirst();
    }

    private Path empty() throws IOException {
        var directory = root.resolve("pods/u/volumes/kubernetes.io~empty-dir/v");
        return Files.createDirectories(directory);
    }

    @Test
    void whatTheApiSaysCannotBeWrittenTo() throws IOException {
        assertThat(mount(pod("configMap: {name: m}", "")).readOnly()).isTrue();
        assertThat(mount(pod("secret: {secretName: s}", "")).readOnly()).isTrue();
        assertThat(mount(pod("downwardAPI: {}", "")).readOnly()).isTrue();
        assertThat(mount(pod("projected: {}", "")).readOnly()).isTrue();
        assertThat(mount(pod("emptyDir: {}", "")).readOnly()).isFalse();
        assertThat(mount(pod("emptyDir: {}", ", readOnly: true")).readOnly()).isTrue();
    }

    @Test
    void aPartOfAVolumeIsMadeWhenItIsNotThere() throws IOException {
        empty();
        var mount = mount(pod("emptyDir: {}", ", subPathExpr: of-$(WHO)/deep"));
        assertThat(Path.of(mount.hostPath())).isEqualTo(empty().toRealPath().resolve("of-me/deep"));
        assertThat(Path.of(mount.hostPath())).isDirectory();
    }

    @Test
    void aLinkWithinTheVolumeIsFollowedAndOneThatLeadsOutIsNot() throws IOException {
        var volume = empty();
        Files.createDirectory(volume.resolve("real"));
        Files.createSymbolicLink(volume.resolve("inside"), Path.of("real"));
        Files.createSymbolicLink(volume.resolve("outside"), root);
        Files.createSymbolicLink(volume.resolve("nowhere"), root.resolve("not-yet"));
        assertThat(mount(pod("emptyDir: {}", ", subPath: inside/new")).hostPath())
                .isEqualTo(volume.toRealPath().resolve("real/new").toString());
        for (var sub : new String[] {"outside", "outside/new", "outside/pods", "nowhere", "nowhere/new"})
            assertThatThrownBy(() -> mount(pod("emptyDir: {}", ", subPath: " + sub)))
                    .as(sub)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("leads out of the volume");
        assertThat(root.resolve("new")).doesNotExist();
        assertThat(root.resolve("not-yet")).doesNotExist();
    }
}
