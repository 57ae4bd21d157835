package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Parts that die come back, pods do not notice, and `down` finds whatever still runs.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeadPartsTest {
    private static Machine machine;
    private static String before;

    @BeforeAll
    static void up() throws Exception {
        machine = new Machine(Path.of("/var/lib/navarch-test-parts"));
        machine.navarch("down", "--purge");
        before = machine.footprint();
        machine.shell("sh src/test/resources/busybox-image.sh $PWD/target/busybox.tar")
                .ok();
        machine.navarch("image", "load", "target/busybox.tar").ok();
        machine.navarch("up").ok();
        machine.kubectl("create deployment sleeper --image=busybox --replicas=2 -- sleep 100000")
                .ok();
        machine.kubectl("rollout status deployment/sleeper --timeout=90s").ok();
    }

    /// Also when a test failed.
    @AfterAll
    static void purge() throws Exception {
        machine.navarch("down", "--purge").ok();
        assertThat(machine.footprint()).isEqualTo(before);
    }

    /// Each container's id, and when it was started.
    private static String containers() {
        return machine.kubectl("get pods -l app=sleeper -o jsonpath='{range .items[*]}"
                        + "{.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}"
                        + " {.status.containerStatuses[0].state.running.startedAt},{end}'")
                .output();
    }

    private static long server() throws IOException {
        return pid("server.pid");
    }

    private static long containerd() throws IOException {
        return pid("containerd/containerd.pid");
    }

    private static long pid(String file) throws IOException {
        var path = machine.data().resolve(file);
        return Files.exists(path) ? Long.parseLong(Files.readString(path).strip()) : 0;
    }

    private static boolean other(String file, long former) {
        try {
            long now = pid(file);
            return now != former && ProcessHandle.of(now).isPresent();
        } catch (IOException | NumberFormatException e) {
            // It is being written.
            return false;
        }
    }

    private static void kill(long pid) {
        // Zero would be everybody here.
        assertThat(pid).isGreaterThan(1);
        machine.shell("kill -9 " + pid).ok();
    }

    /// The supervisor and the shell beside it.
    private static void killSupervisors() {
        machine.shell("for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -q '^sh " + machine.data()
                + "/supervise.sh' && kill -9 ${p#/proc/}; done; true");
    }

    private static void answers() {
        Machine.soon("the API", () -> machine.kubectl("get --raw /readyz").code() == 0);
    }

    private static String status() {
        return machine.navarch("status").output();
    }

    private static void podsAreReached() {
        Machine.soon(
                "a command in a pod",
                () -> machine.kubectl("exec deploy/sleeper -- echo hi").output().equals("hi\n"));
    }

    @Test
    @Order(1)
    void aKilledServerComesBackByItself() throws Exception {
        var containers = containers();
        long former = server();
        kill(former);
        Machine.eventually("another server", Duration.ofSeconds(5), () -> other("server.pid", former));
        answers();
        podsAreReached();
        assertThat(containers()).isEqualTo(containers);
        assertThat(status()).containsPattern("server: +running, pid .*started again once.*signal 9 \\(SIGKILL\\)");
    }

    @Test
    @Order(2)
    void aKilledContainerdComesBackByItself() throws Exception {
        var containers = containers();
        // The one that an earlier server has started, and its own.
        for (var how : new String[] {"an earlier server had started it", "signal 9"}) {
            long former = containerd();
            kill(former);
            Machine.eventually(
                    "another containerd", Duration.ofSeconds(5), () -> other("containerd/containerd.pid", former));
            Machine.soon("its report", () -> status().matches("(?s).*containerd: running, pid [^\n]*" + how + ".*"));
            podsAreReached();
        }
        assertThat(containers()).isEqualTo(containers);
        assertThat(machine.kubectl("get nodes").ok().output()).contains(" Ready ");
    }

    @Test
    @Order(3)
    void upStartsWhateverIsMissing() throws Exception {
        var containers = containers();
        killSupervisors();
        kill(server());
        kill(containerd());
        assertThat(status()).contains("server:     not running", "containerd: not running");
        machine.navarch("up").ok();
        podsAreReached();
        assertThat(containers()).isEqualTo(containers);
        assertThat(status()).contains("supervisor: running");
    }

    /// As after the power was lost: no process, mount, network namespace or rule is left.
    @Test
    @Order(5)
    void aMachineThatStartsAnewRunsItsPodsAgain() throws Exception {
        killSupervisors();
        machine.shell("""
                kill -9 $(cat D/server.pid) $(cat D/containerd/containerd.pid)
                bundles=D/containerd/state/io.containerd.runtime.v2.task/k8s.io
                namespaces=$(grep -oh 'cni-[0-9a-f-]*' $bundles/*/config.json | sort -u)
                for shim in $(pgrep -f '^[^ ]*containerd-shim[^ ]* .*D/'); do pkill -9 -P $shim; kill -9 $shim; done
                for id in $(ls $bundles); do rm -rf /run/containerd/runc/k8s.io/$id; done
                grep -o ' D/[^ ]*' /proc/mounts | sort -r | xargs -r -n 1 umount -l
                for name in $namespaces; do ip netns delete $name; done
                ip link delete nav0
                nft delete table ip navarch
                """.replace("D/", machine.data() + "/")).ok();
        assertThat(machine.shell("pgrep -f 'sleep 10000[0]'").output()).isEmpty();
        machine.navarch("up").ok();
        machine.kubectl("rollout status deployment/sleeper --timeout=90s").ok();
        podsAreReached();
    }

    /// Server, supervisor and containerd are dead, and their numbers lost: containers run on.
    @Test
    @Order(6)
    void downFindsWhatStillRuns() throws Exception {
        killSupervisors();
        kill(server());
        kill(containerd());
        Files.deleteIfExists(machine.data().resolve("server.pid"));
        Files.deleteIfExists(machine.data().resolve("containerd/containerd.pid"));
        assertThat(machine.shell("pgrep -f 'sleep 10000[0]'").ok().output()).isNotEmpty();
        machine.navarch("down").ok();
        assertThat(machine.shell("pgrep -f 'sleep 10000[0]'").output()).isEmpty();
        assertThat(machine.shell("ip netns list; pgrep -f [/]"
                                + machine.data().toString().substring(1))
                        .output())
                .isEmpty();
    }

    @Test
    @Order(7)
    void whatKeepsTheNodeFromBeingReadyIsTold() {
        var root = machine.data().resolve("containerd/root");
        // A file stands where it would keep everything.
        machine.shell("mv " + root + " " + root + ".kept; touch " + root).ok();
        try {
            assertThat(machine.navarch("up", "--wait", "15s").failed().output())
                    .contains("the node is not ready: container runtime is down: containerd");
        } finally {
            machine.shell("rm -f " + root + "; mv " + root + ".kept " + root).ok();
        }
    }

    /// All are dead, and containerd cannot be started any more.
    @Test
    @Order(8)
    void downNeedsNoRuntime() throws Exception {
        machine.navarch("up").ok();
        machine.kubectl("rollout status deployment/sleeper --timeout=90s").ok();
        killSupervisors();
        kill(server());
        kill(containerd());
        machine.shell("rm -rf D/containerd/root; touch D/containerd/root"
                        .replace("D", machine.data().toString()))
                .ok();
        machine.navarch("down").ok();
        assertThat(machine.shell("pgrep -f 'sleep 10000[0]'; ip netns list").output())
                .isEmpty();
    }
}
