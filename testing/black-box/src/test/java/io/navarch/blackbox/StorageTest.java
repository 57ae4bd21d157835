package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Claims as a user of stock kubectl has them, on a real node.
class StorageTest {
    private static final String RESOURCES = "src/test/resources/storage";
    private static final Path DATA = Path.of("/var/lib/navarch-test");
    private static Machine machine;
    private static String before;

    @BeforeAll
    static void up() throws Exception {
        machine = new Machine(DATA);
        machine.navarch("down", "--purge");
        before = machine.footprint();
        machine.navarch("up").ok();
        machine.navarch("image", "build", RESOURCES + "/images/box.yaml").ok();
        machine.kubectl("apply -f src/test/resources/snapshots/definitions.yaml")
                .ok();
        // Not by `up`: some of these are to wait for ever.
        machine.kubectl("apply -f " + RESOURCES).ok();
    }

    @AfterAll
    static void purge() throws Exception {
        machine.navarch("down", "--purge").ok();
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

    private static void gone(String line) throws InterruptedException {
        Machine.eventually(
                line + ": nothing",
                Duration.ofMinutes(2),
                () -> machine.kubectl(line).output().contains("No resources found"));
    }

    private static Path directory(String namespace, String claim) {
        var volume = kubectl("get pvc -n " + namespace + " " + claim + " -o jsonpath={.spec.volumeName}");
        return Path.of(kubectl("get pv " + volume + " -o jsonpath={.spec.local.path}"));
    }

    /// The pods that have something mounted.
    private static Set<String> mounted() {
        var found = machine.shell("sed -n 's|.*" + DATA + "/kubelet/pods/\\([^/]*\\)/.*|\\1|p' /proc/self/mountinfo");
        return Set.copyOf(found.ok().output().lines().distinct().toList());
    }

    @Test
    void aStatefulSetHasItsDataWhateverBecomesOfItsPodsAndTheServer() throws Exception {
        kubectl("rollout status statefulset/db --timeout=120s");
        kubectl("exec db-0 -- sh -c 'echo one > /data/row'");
        assertThat(directory("default", "data-db-0").resolve("row")).hasContent("one");
        kubectl("delete pod db-0 --wait");
        soon("the row is there in the next pod", "exec db-0 -- cat /data/row", "one");
        machine.navarch("down").ok();
        machine.navarch("up").ok();
        soon("the row is there again", "exec db-0 -- cat /data/row", "one");
        assertThat(machine.navarch("storage").ok().output()).contains("default/data-db-0", "local-path", "free in");
    }

    @Test
    void whatIsToBeDeletedIsAndWhatIsToBeRetainedStays() throws Exception {
        for (var claim : new String[] {"deleted", "retained"})
            soon(claim, "get pod -n policies " + claim + " -o jsonpath={.status.phase}", "Succeeded");
        var deleted = directory("policies", "deleted");
        var retained = directory("policies", "retained");
        assertThat(deleted.resolve("row")).exists();
        assertThat(Files.isSymbolicLink(deleted.resolve("out"))).isTrue();
        var volume = kubectl("get pvc -n policies retained -o jsonpath={.spec.volumeName}");
        kubectl("delete pod -n policies --all --wait");
        kubectl("delete pvc -n policies --all --wait --timeout=60s");
        Machine.eventually("the directory has gone", Duration.ofMinutes(1), () -> !Files.exists(deleted));
        // A link in it led to the node's own files.
        assertThat(Path.of("/etc/passwd")).exists();
        assertThat(retained.resolve("row")).exists();
        soon("released", "get pv " + volume + " -o jsonpath={.status.phase}", "Released");
        kubectl("delete pv " + volume + " --wait --timeout=60s");
        assertThat(retained.resolve("row")).exists();
    }

    @Test
    void aNamespaceGoesWithItsClaimsAndTheirVolumes() throws Exception {
        soon("running", "get pod -n goes user -o jsonpath={.status.phase}", "Running");
        var data = directory("goes", "data");
        var own = directory("goes", "user-own");
        // One that nothing can ever be made for, and whose pod waits for it.
        soon("waiting", "describe pod -n goes waits", "did not have enough free storage");
        kubectl("delete namespace goes --wait --timeout=120s");
        gone("get pvc -n goes");
        Machine.eventually(
                "the directories have gone", Duration.ofMinutes(1), () -> !Files.exists(data) && !Files.exists(own));
    }

    @Test
    void aVolumeThatIsNotThereKeepsItsPodWaitingAndNobodyElse() throws Exception {
        soon(
                "the reason",
                "describe pod -n faults missing",
                "MountVolume.NewMounter initialization failed for volume \"fault-missing\" : path"
                        + " \"/var/lib/navarch-test-none\" does not exist");
        soon("beside it", "get pod -n faults beside -o jsonpath={.status.phase}", "Running");
        soon(
                "one at a time",
                "describe pod -n faults second",
                "PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod");
        kubectl("delete pod -n faults beside --wait");
        soon("the next", "get pod -n faults second -o jsonpath={.status.phase}", "Running");
        kubectl("delete namespace faults --wait --timeout=120s");
        var there = kubectl("get pods -A -o jsonpath={.items[*].metadata.uid}");
        assertThat(mounted()).isNotEmpty().allMatch(there::contains);
    }

    @Test
    void aSnapshotKeepsWhatWasThereAndClaimsBeginWithIt() throws Exception {
        kubectl("wait --for=condition=Established crd/volumesnapshotclasses.snapshot.storage.k8s.io");
        kubectl("apply -f src/test/resources/snapshots/uses.yaml");
        // It waits for a claim that waits for its pod.
        soon("early", "get volumesnapshot -n copies early -o jsonpath={.status.readyToUse}", "true");
        kubectl("exec -n copies writer -- sh -c 'echo one > /v/row'");
        kubectl("apply -f src/test/resources/snapshots/copies.yaml");
        soon("late", "get volumesnapshot -n copies late -o jsonpath={.status.readyToUse}", "true");
        soon("read", "logs -n copies reader", "one\none");
        assertThat(directory("copies", "restored").resolve("row")).hasContent("one");
        assertThat(machine.navarch("storage").ok().output()).contains("copies/late (snapshot)");
        var kept = DATA.resolve("volumes/snapshots");
        try (var list = Files.list(kept)) {
            assertThat(list).hasSize(2);
        }
        kubectl("delete namespace copies --wait --timeout=120s");
        gone("get volumesnapshotcontents");
        assertThat(kept).isEmptyDirectory();
    }
}
