package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.cri.ContainerConfig.Mount;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    @TempDir
    Path root;

    private final BoundedCalls calls = new BoundedCalls(Duration.ofMinutes(1));

    private static Pod pod(String volume, String mount) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, namespace: ns, uid: u}, spec: {volumes: [{name: v, "
                + volume + "}], containers: [{name: c, volumeMounts: [{name: v, mountPath: /m" + mount + "}]}]}}")));
    }

    private Mount mount(Pod pod) throws IOException {
        var directories = new PodDirectories(root);
        var mounts = new Mounts(directories, pod, volume -> directories.volume(pod.uid(), volume), calls);
        return mounts.of(pod.spec().containers().getFirst(), 0, Map.of("WHO", "me"))
                .getFirst();
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
    void whatIsNoVolumeOfThePodIsNotMounted() {
        var pod = Pod.of(View.of(Yaml.parse("{metadata: {name: p, uid: u}, spec: {containers: [{name: c,"
                + " volumeMounts: [{name: v, mountPath: /m}]}]}}")));
        assertThatThrownBy(() -> mount(pod))
                .isInstanceOf(UnresolvedException.class)
                .hasMessage("cannot find volume \"v\" to mount into container \"c\"");
    }

    @Test
    void whatTheRuntimeCannotProtectAsAWholeIsNotMounted() {
        assertThatThrownBy(() -> mount(pod("emptyDir: {}", ", readOnly: true, recursiveReadOnly: Enabled")))
                .hasMessage("failed to resolve recursive read-only mode: volume \"v\" requested recursive read-only"
                        + " mode, but it is not supported by the runtime");
    }

    @Test
    void whereItIsPossibleIsNotHere() throws IOException {
        assertThat(mount(pod("emptyDir: {}", ", readOnly: true, recursiveReadOnly: IfPossible"))
                        .readOnly())
                .isTrue();
    }
}
