package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptyDirsTest {
    private static final long MEBI = 1 << 20;

    @TempDir
    Path directory;

    private static Pod pod(String source, String containers) {
        return Pod.of(View.of(Yaml.parse(
                "{spec: {volumes: [{name: v, emptyDir: {" + source + "}}], containers: [" + containers + "]}}")));
    }

    private static long memory(String source, String containers) {
        var pod = pod(source, containers);
        return EmptyDirs.memory(pod, pod.spec().volumes().getFirst().emptyDir(), 100 * MEBI) / MEBI;
    }

    @Test
    void oneInMemoryIsAsLargeAsTheLeastOfItsLimits() {
        var limited = "{name: c, resources: {limits: {memory: 10Mi}}}, {name: d, resources: {limits: {memory: 5Mi}}}";
        assertThat(memory("medium: Memory", "{name: c}")).isEqualTo(100);
        assertThat(memory("medium: Memory", limited)).isEqualTo(15);
        assertThat(memory("medium: Memory, sizeLimit: 1Mi", limited)).isEqualTo(1);
        assertThat(memory("medium: Memory, sizeLimit: 50Mi", limited)).isEqualTo(15);
        assertThat(memory("medium: Memory, sizeLimit: 1Ti", "{name: c}")).isEqualTo(100);
        assertThat(memory("medium: Memory", limited + ", {name: unlimited}")).isEqualTo(100);
    }

    @Test
    void onlyThoseOnDiskWithALimitAreMeasured() {
        assertThat(pod("sizeLimit: 1Mi", "").spec().volumes()).allMatch(EmptyDirs::limitedOnDisk);
        assertThat(pod("sizeLimit: 0", "").spec().volumes()).noneMatch(EmptyDirs::limitedOnDisk);
        assertThat(pod("medium: Memory, sizeLimit: 1Mi", "").spec().volumes()).noneMatch(EmptyDirs::limitedOnDisk);
        assertThat(pod("", "").spec().volumes()).noneMatch(EmptyDirs::limitedOnDisk);
    }

    @Test
    void whatIsInADirectoryIsCountedAndWhatLinksLeadToIsNot() throws IOException {
        var volume = Files.createDirectories(directory.resolve("volume"));
        Files.write(directory.resolve("outside"), new byte[(int) (8 * MEBI)]);
        Files.write(volume.resolve("inside"), new byte[(int) (2 * MEBI)]);
        Files.createSymbolicLink(volume.resolve("link"), directory.resolve("outside"));
        assertThat(EmptyDirs.used(volume)).isBetween(2 * MEBI, 3 * MEBI);
        assertThat(EmptyDirs.used(directory.resolve("none"))).isZero();
    }
}
