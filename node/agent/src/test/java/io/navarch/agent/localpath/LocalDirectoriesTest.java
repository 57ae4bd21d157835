package io.navarch.agent.localpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.PersistentVolume;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDirectoriesTest {
    private static final String OWN = "pv.kubernetes.io/provisioned-by: local-path.navarch.io";
    private static final long MEBI = 1 << 20;

    @TempDir
    Path directory;

    private static DirectoryStep step(String annotations, String metadata, String policy, String path) {
        var volume = PersistentVolume.of(View.of(Yaml.parse("{metadata: {name: pvc-1, annotations: {" + annotations
                + "}" + metadata + "}, spec: {persistentVolumeReclaimPolicy: " + policy + ", local: {path: " + path
                + "}}}")));
        return DirectoryStep.of(volume, Path.of("/root"));
    }

    private static DirectoryStep deleted(String policy, String finalizers) {
        return step(
                OWN,
                ", deletionTimestamp: 2026-01-01T00:00:00Z, finalizers: [" + finalizers + "]",
                policy,
                "/root/pvc-1");
    }

    @Test
    void aDirectoryIsMadeOnceAndOnlyWhereItBelongs() {
        assertThat(step(OWN, "", "Delete", "/root/pvc-1")).isEqualTo(DirectoryStep.MAKE);
        assertThat(step(OWN + ", local-path.navarch.io/made: 'yes'", "", "Delete", "/root/pvc-1"))
                .isEqualTo(DirectoryStep.NOTHING);
        assertThat(step(OWN, "", "Delete", "/root/pvc-2")).isEqualTo(DirectoryStep.NOTHING);
        assertThat(step(OWN, "", "Delete", "/root/../etc")).isEqualTo(DirectoryStep.NOTHING);
        assertThat(step("", "", "Delete", "/root/pvc-1")).isEqualTo(DirectoryStep.NOTHING);
    }

    @Test
    void whatNobodyUsesIsRemovedUnlessItIsToBeKept() {
        var own = "local-path.navarch.io/directory";
        assertThat(deleted("Delete", own)).isEqualTo(DirectoryStep.REMOVE);
        assertThat(deleted("Retain", own)).isEqualTo(DirectoryStep.LET_GO);
        assertThat(deleted("Delete", own + ", kubernetes.io/pv-protection")).isEqualTo(DirectoryStep.NOTHING);
        assertThat(deleted("Delete", "kubernetes.io/pv-protection")).isEqualTo(DirectoryStep.NOTHING);
    }

    @Test
    void everybodyMayWriteToADirectory() throws IOException {
        VolumeDirectory.make(directory, "pvc-1");
        var made = directory.resolve("pvc-1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwxrwxrwx");
        Files.writeString(made.resolve("row"), "1");
        VolumeDirectory.make(directory, "pvc-1");
        assertThat(made.resolve("row")).hasContent("1");
    }

    @Test
    void aDirectoryIsNotMadeThroughALink() throws IOException {
        var outside = Files.createDirectory(directory.resolve("outside"));
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwx------"));
        var root = Files.createDirectory(directory.resolve("root"));
        Files.createSymbolicLink(root.resolve("pvc-1"), outside);
        assertThatThrownBy(() -> VolumeDirectory.make(root, "pvc-1")).isInstanceOf(IOException.class);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(outside)))
                .isEqualTo("rwx------");
    }

    @Test
    void whatContainersLeftIsRemovedAndWhereItLeadsToIsNot() throws IOException {
        var outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("row"), "1");
        var root = Files.createDirectory(directory.resolve("root"));
        VolumeDirectory.make(root, "pvc-1");
        VolumeDirectory.make(root, "pvc-12");
        Files.createSymbolicLink(root.resolve("pvc-1/out"), outside);
        var deep = root.resolve("pvc-1");
        for (int i = 0; i < 100; i++) deep = Files.createDirectory(deep.resolve("d"));
        Files.createDirectory(root.resolve("pvc-1.removed-7"));
        VolumeDirectory.remove(root, "pvc-1");
        VolumeDirectory.remove(root, "pvc-1");
        assertThat(root).isDirectoryContaining(path -> path.endsWith("pvc-12"));
        try (var left = Files.list(root)) {
            assertThat(left).hasSize(1);
        }
        assertThat(outside.resolve("row")).hasContent("1");
        assertThatThrownBy(() -> VolumeDirectory.remove(root, "../outside")).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsLeftIsToldRoughlyAndNeverTooMuch() {
        long part = 100 * MEBI;
        assertThat(LocalDirectories.told("", 1050 * MEBI, part)).isEqualTo("1000Mi");
        assertThat(LocalDirectories.told("1000Mi", 1190 * MEBI, part)).isEqualTo("1000Mi");
        assertThat(LocalDirectories.told("1000Mi", 1200 * MEBI, part)).isEqualTo("1200Mi");
        assertThat(LocalDirectories.told("1000Mi", 999 * MEBI, part)).isEqualTo("900Mi");
        assertThat(LocalDirectories.told("nonsense", 50 * MEBI, part)).isEqualTo("0Mi");
    }
}
