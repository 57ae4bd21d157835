package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Storage drivers as a user of stock kubectl has them: what the node does with one, on a real node.
class StorageDriverTest {
    private static final String RESOURCES = "src/test/resources/csi";
    private static final Path DATA = Path.of("/var/lib/navarch-test");

    @TempDir
    private static Path disk;

    private static Machine machine;
    private static String before;
    private static StorageDriver plain;
    private static StorageDriver attached;

    @BeforeAll
    static void up() throws Exception {
        machine = new Machine(DATA);
        machine.navarch("down", "--purge");
        before = machine.footprint();
        machine.navarch("up", "-f", RESOURCES).ok();
        plain = new StorageDriver("plain.test", machine, disk);
        attached = new StorageDriver("attached.test", machine, disk);
        soon("both are known", "get csinode -o jsonpath={..drivers[*].name}", "attached.test");
        soon("both are known", "get csinode -o jsonpath={..drivers[*].name}", "plain.test");
    }

    @AfterAll
    static void purge() throws Exception {
        plain.close();
        attached.close();
        machine.navarch("down", "--purge").ok();
        machine.shell("losetup -j " + disk.resolve("backing") + " | cut -d: -f1 | xargs -r losetup -d");
        assertThat(machine.footprint()).isEqualTo(before);
    }

    private static String kubectl(String line) {
        return machine.kubectl(line).ok().output();
    }

    private static void soon(String what, String line, String expected) throws InterruptedException {
        Machine.eventually(
                what,
                Duration.ofMinutes(2),
                () -> machine.kubectl(line).output().contains(expected));
    }

    private static void apply(String manifest) {
        machine.kubectl("apply -f -", manifest).ok();
    }

    private static void pod(String name, String claim) {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers: [{name: c, image: box, volumeMounts: [{name: v, mountPath: /v}]}]
                  volumes: [{name: v, persistentVolumeClaim: {claimName: %s}}]
                """.formatted(name, claim));
    }

    private static void running(String pod) throws InterruptedException {
        soon(pod + " runs", "get pod " + pod + " -o jsonpath={.status.phase}", "Running");
    }

    /// Nothing of a volume is left on the node.
    private static void forgotten(StorageDriver driver, String volume) throws InterruptedException {
        Machine.eventually(
                volume + " is taken away", Duration.ofMinutes(1), () -> driver.calls.contains("unstage " + volume));
        Machine.eventually(
                "nothing is mounted",
                Duration.ofMinutes(1),
                () -> machine.shell("grep -c '~csi/" + volume + "/' /proc/self/mounts")
                        .output()
                        .startsWith("0"));
    }

    @Test
    void theNodeSaysWhichDriversItHas() throws Exception {
        assertThat(plain.told).contains("registered");
        assertThat(kubectl("get csinode -o jsonpath='{.items[0].spec.drivers[?(@.name==\"plain.test\")]}'"))
                .contains("\"nodeID\":\"here\"", "\"topologyKeys\":[\"plain.test/rack\"]", "\"count\":9");
        assertThat(kubectl("get node -o jsonpath='{.items[0].metadata}'"))
                .contains("\"plain.test/rack\":\"r1\"", "\\\"plain.test\\\":\\\"here\\\"");
        var other = new StorageDriver("gone.test", machine, disk);
        soon("it is there", "get csinode -o jsonpath={..drivers[*].name}", "gone.test");
        other.close();
        Machine.eventually(
                "it has gone",
                Duration.ofMinutes(1),
                () -> !kubectl("get csinode -o jsonpath={..drivers[*].name}").contains("gone.test"));
    }

    @Test
    void podsHaveAVolumeWhateverBecomesOfTheServer() throws Exception {
        pod("one", "shared");
        pod("two", "shared");
        running("one");
        running("two");
        kubectl("exec one -- sh -c 'echo row > /v/row'");
        assertThat(kubectl("exec two -- cat /v/row")).contains("row");
        assertThat(disk.resolve("shared/row")).hasContent("row\n");
        assertThat(plain.published.get("shared").getVolumeContextMap())
                .containsEntry("kind", "test")
                .containsEntry("csi.storage.k8s.io/pod.namespace", "default");
        machine.shell("kill -9 $(pgrep -f 'navarch.apps.Main server.*" + DATA + "' | head -1)");
        machine.navarch("up").ok();
        running("one");
        kubectl("delete pod one --wait");
        assertThat(kubectl("exec two -- cat /v/row")).contains("row");
        assertThat(plain.calls).containsOnlyOnce("stage shared").doesNotContain("unstage shared");
        kubectl("delete pod two --wait");
        forgotten(plain, "shared");
        assertThat(disk.resolve("shared/row")).exists();
    }

    @Test
    void aVolumeIsMountedOnceItIsAttachedAndDetachedOnceItIsNot() throws Exception {
        pod("far", "remote");
        soon("to be attached", "get volumeattachment -o jsonpath={..attacher}", "attached.test");
        soon("in use", "get node -o jsonpath={..volumesInUse}", "kubernetes.io/csi/attached.test^remote");
        assertThat(attached.calls).isEmpty();
        var attachment = kubectl("get volumeattachment -o name").strip();
        kubectl("patch " + attachment + " --subresource=status --type=merge -p"
                + " '{\"status\":{\"attached\":true,\"attachmentMetadata\":{\"lun\":\"3\"}}}'");
        running("far");
        soon("told", "describe pod far", "AttachVolume.Attach succeeded for volume \"remote\"");
        assertThat(attached.published.get("remote").getPublishContextMap()).containsEntry("lun", "3");
        assertThat(kubectl("get node -o jsonpath={..volumesAttached}")).contains("attached.test^remote");
        kubectl("delete pod far --wait");
        forgotten(attached, "remote");
        soon("detached", "get volumeattachment", "No resources found");
        Machine.eventually(
                "not in use",
                Duration.ofMinutes(1),
                () -> !kubectl("get node -o jsonpath={..volumesInUse}").contains("remote"));
    }

    @Test
    void aDriverThatHangsHoldsUpOnlyItsOwnPod() throws Exception {
        var gate = new CountDownLatch(1);
        plain.hanging.put("publish slow", gate);
        pod("waits", "slow");
        Machine.eventually("it is asked", Duration.ofMinutes(1), () -> plain.calls.contains("publish slow"));
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: inline}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers: [{name: c, image: box, volumeMounts: [{name: v, mountPath: /v}]}]
                  volumes: [{name: v, csi: {driver: plain.test}}]
                """);
        running("inline");
        kubectl("delete pod inline --wait");
        gate.countDown();
        running("waits");
        kubectl("delete pod waits --wait");
        forgotten(plain, "slow");
    }

    @Test
    void aPodHasADevice() throws Exception {
        var backing = Files.write(disk.resolve("backing"), new byte[1 << 20]);
        var device = machine.shell("losetup --show -f " + backing).ok().output().strip();
        Files.createSymbolicLink(disk.resolve("device"), Path.of(device));
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: raw}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers: [{name: c, image: box, volumeDevices: [{name: v, devicePath: /dev/raw}]}]
                  volumes: [{name: v, persistentVolumeClaim: {claimName: raw}}]
                """);
        running("raw");
        kubectl("exec raw -- sh -c 'test -b /dev/raw && echo written | dd of=/dev/raw conv=fsync'");
        machine.shell("blockdev --flushbufs " + device);
        assertThat(machine.shell("head -c 7 " + device).ok().output()).isEqualTo("written");
        kubectl("delete pod raw --wait");
        forgotten(plain, "raw");
        assertThat(left()).isEmpty();
    }

    private static String left() throws IOException {
        var devices = DATA.resolve("kubelet/plugins/kubernetes.io/csi/volumeDevices/publish");
        if (!Files.exists(devices)) return "";
        try (var list = Files.list(devices)) {
            return String.join(" ", list.map(Path::toString).toList());
        }
    }

    @Test
    void aVolumeGrowsWhileAPodHasIt() throws Exception {
        apply("""
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: grows}
                spec:
                  capacity: {storage: 1Mi}
                  accessModes: [ReadWriteOnce]
                  storageClassName: ""
                  claimRef: {namespace: default, name: grows}
                  csi: {driver: plain.test, volumeHandle: grows}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: grows}
                spec: {accessModes: [ReadWriteOnce], storageClassName: "", volumeName: grows, resources: {requests: {storage: 1Mi}}}
                """);
        pod("grown", "grows");
        running("grown");
        // What the resizer does once the volume has grown where it comes from.
        kubectl("patch pv grows --type=merge -p '{\"spec\":{\"capacity\":{\"storage\":\"2Mi\"}}}'");
        kubectl("patch pvc grows --subresource=status --type=merge -p '{\"status\":{\"allocatedResources\":"
                + "{\"storage\":\"2Mi\"},\"allocatedResourceStatuses\":{\"storage\":\"NodeResizePending\"},\"conditions\":"
                + "[{\"type\":\"FileSystemResizePending\",\"status\":\"True\"}]}}'");
        // A pod's volumes are looked at each minute, and when the pod changes.
        kubectl("annotate pod grown looked=at");
        soon("grown", "get pvc grows -o jsonpath={.status.capacity.storage}", "2Mi");
        assertThat(plain.calls).contains("expand grows 2097152");
        assertThat(kubectl("get pvc grows -o jsonpath={.status}"))
                .doesNotContain("FileSystemResizePending", "allocatedResourceStatuses");
        soon("told", "describe pod grown", "MountVolume.NodeExpandVolume succeeded for volume \"grows\"");
        kubectl("delete pod grown --wait");
        forgotten(plain, "grows");
    }
}
