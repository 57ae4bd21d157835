package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A server with a node on a disk of which nothing is left: store, logs and containers together.
class FullDiskNodeTest {
    private static final Path DISK = Path.of("/var/lib/navarch-test-disk");
    private static final String IMAGE = DISK + ".image";
    private static final String FILLER = DISK + "/filler";
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: web
                image: busybox
                imagePullPolicy: IfNotPresent
                command: [busybox, httpd, -f, -v, -p, "8080", -h, /]
                readinessProbe: {periodSeconds: 1, httpGet: {path: /bin/busybox, port: 8080}}
            """;
    private static Machine machine;
    private static String before;

    @BeforeAll
    static void up() throws Exception {
        machine = new Machine(DISK.resolve("data"));
        if (Files.exists(DISK)) leave();
        machine.shell("mkdir -p D; truncate -s 1200M I; mkfs.ext4 -q -m 0 I; mount -o loop I D"
                        .replace("D", DISK.toString())
                        .replace("I", IMAGE))
                .ok();
        before = machine.footprint();
        machine.shell("sh src/test/resources/busybox-image.sh $PWD/target/busybox.tar")
                .ok();
        machine.navarch("image", "load", "target/busybox.tar").ok();
        // Nothing is ended for want of space: what cannot be written is looked at here.
        machine.shell("NAVARCH_EVICTION_HARD='memory.available<10Mi' ../../navarch up --data-dir " + machine.data())
                .ok();
        machine.kubectl("apply -f -", POD).ok();
        machine.kubectl("wait --for=condition=Ready pod/web --timeout=90s").ok();
    }

    /// Also when a test failed.
    @AfterAll
    static void purge() throws Exception {
        machine.shell("rm -f " + FILLER).ok();
        machine.navarch("down", "--purge").ok();
        var after = machine.footprint();
        leave();
        assertThat(after).isEqualTo(before);
        assertThat(DISK).doesNotExist();
    }

    private static void leave() {
        machine.navarch("down", "--purge");
        Machine.soon(
                "nobody uses the disk",
                () -> machine.shell("! mountpoint -q " + DISK + " || umount " + DISK)
                                .code()
                        == 0);
        machine.shell("rm -rf --one-file-system " + DISK + " " + IMAGE).ok();
    }

    private static String write(String name) {
        return machine.kubectl("create configmap " + name + " --from-literal=a=b")
                .output();
    }

    private static String container() {
        return machine.kubectl("get pod web -o jsonpath='{.status.containerStatuses[0].containerID}"
                        + " {.status.containerStatuses[0].restartCount}'")
                .ok()
                .output();
    }

    /// What the store has set aside beforehand, and what it gives back meanwhile, is used up first.
    private static void isRefused() throws InterruptedException {
        Machine.eventually("a write is refused", Duration.ofMinutes(2), FullDiskNodeTest::largeIsRefused);
    }

    private static boolean largeIsRefused() {
        machine.shell("cat /dev/zero >> " + FILLER + " 2>/dev/null; true").ok();
        return machine.kubectl("create configmap more-" + System.nanoTime() + " --from-file=target/large")
                .output()
                .contains("No space left on device");
    }

    private static void isReachedAndLogged() throws InterruptedException {
        var address =
                machine.kubectl("get pod web -o jsonpath={.status.podIP}").ok().output();
        machine.shell("curl -fsS -m 10 -o /dev/null http://" + address + ":8080/bin/busybox")
                .ok();
        // Also by an agent that has just been started.
        Machine.succeeds(Duration.ofMinutes(1), () -> machine.kubectl("logs web --tail=5"));
    }

    private static long pid(String file) throws IOException {
        return Long.parseLong(Files.readString(machine.data().resolve(file)).strip());
    }

    @Test
    void refusesWithTheReasonRunsOnAndRecovers() throws Exception {
        assertThat(write("first")).contains("created");
        var container = container();
        machine.shell("head -c 900000 /dev/zero | tr '\\0' x > target/large").ok();
        isRefused();
        Machine.soon("it is not ready", () -> {
            largeIsRefused();
            return machine.kubectl("get --raw '/readyz?verbose'").output().contains("[-]etcd failed");
        });
        isReachedAndLogged();

        // Whoever dies now comes back, and knows what has been.
        long containerd = pid("containerd/containerd.pid");
        machine.shell("kill -9 " + containerd).ok();
        Machine.eventually("another containerd", Duration.ofSeconds(30), () -> isAnother(containerd));
        long server = pid("server.pid");
        machine.shell("kill -9 " + server).ok();
        Machine.eventually(
                "the next server reads",
                Duration.ofSeconds(30),
                () -> machine.kubectl("get configmap first").code() == 0);
        isRefused();
        isReachedAndLogged();

        Files.delete(Path.of(FILLER));
        Machine.soon(
                "writes are taken", () -> write("third-" + System.nanoTime()).contains("created"));
        Machine.soon("it is ready", () -> machine.kubectl("get --raw /readyz").code() == 0);
        Machine.soon(
                "a command in the pod",
                () -> machine.kubectl("exec web -- echo hi").output().equals("hi\n"));
        assertThat(container()).isEqualTo(container);
        machine.kubectl("apply -f -", POD.replace("name: web}", "name: next}")).ok();
        machine.kubectl("wait --for=condition=Ready pod/next --timeout=90s").ok();
    }

    /// Its number may not have been written down.
    private static boolean isAnother(long former) {
        return machine.shell("pgrep -f '^[^ ]*containerd --config " + machine.data() + "'")
                .output()
                .lines()
                .anyMatch(each -> Long.parseLong(each) != former);
    }
}
