package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Pods that try to get at the node, with containerd and the kernel having the last word.
class HostilePodsTest {
    private static final String RESOURCES = "src/test/resources/hostile";
    private static Machine machine;
    private static String before;

    @BeforeAll
    static void up() throws Exception {
        machine = new Machine(Path.of("/var/lib/navarch-test"));
        machine.navarch("down", "--purge");
        before = machine.footprint();
        machine.navarch("up").ok();
        machine.navarch("image", "build", RESOURCES + "/images/busybox.yaml").ok();
        // Not by `up`: some of these are to fail.
        machine.kubectl("apply -f " + RESOURCES + "/things.yaml -f " + RESOURCES + "/pods.yaml")
                .ok();
    }

    @AfterAll
    static void purge() throws Exception {
        machine.navarch("down", "--purge").ok();
        assertThat(machine.footprint()).isEqualTo(before);
    }

    private static String field(String pod, String path) {
        return machine.kubectl("get pod " + pod + " -o jsonpath='{" + path + "}'")
                .output();
    }

    private static void soon(String pod, String path, String expected) throws InterruptedException {
        Machine.eventually(
                pod + " " + path + " " + expected,
                Duration.ofSeconds(60),
                () -> field(pod, path).contains(expected));
    }

    private static String logs(String pod) throws InterruptedException {
        Machine.eventually(
                pod + " ended",
                Duration.ofSeconds(60),
                () -> field(pod, ".status.phase").matches("Succeeded|Failed"));
        return machine.kubectl("logs " + pod).output();
    }

    @Test
    void aLinkInAVolumeDoesNotLeadToTheNode() throws Exception {
        soon("escape", ".status.containerStatuses[0].state.waiting.reason", "CreateContainerConfigError");
        assertThat(field("escape", ".status.containerStatuses[0].state.waiting.message"))
                .isEqualTo("failed to prepare subPath for volumeMount \"v\" of container \"c\"");
    }

    @Test
    void whatTheApiSaysCannotBeOverwrittenAndSecretsAreInMemory() throws Exception {
        assertThat(logs("writer")).contains("'/m/..data': Read-only file system", "onetmpfs /s tmpfs ro");
    }

    @Test
    void whoMustNotBeRootIsNot() throws Exception {
        soon(
                "rooted",
                ".status.containerStatuses[0].state.waiting.message",
                "container has runAsNonRoot and image will run as root");
        assertThat(field("rooted", ".status.containerStatuses[0].state.waiting.reason"))
                .isEqualTo("CreateContainerConfigError");
    }

    @Test
    void lastWordsAreTheLastFew() throws Exception {
        logs("talker");
        var message = field("talker", ".status.containerStatuses[0].state.terminated.message");
        assertThat(message).endsWith("end");
        assertThat(message.length()).isLessThanOrEqualTo(4097);
    }

    @Test
    void aVolumeInMemoryIsAsLargeAsItMayBe() throws Exception {
        assertThat(logs("filler")).contains("No space left on device");
    }

    @Test
    void aVolumeOnDiskThatHasBecomeTooLargeEndsItsPod() throws Exception {
        soon("hoarder", ".status.phase", "Failed");
        assertThat(field("hoarder", ".status.reason") + ": " + field("hoarder", ".status.message"))
                .isEqualTo("Evicted: Usage of EmptyDir volume \"v\" exceeds the limit \"1Mi\". ");
        assertThat(field("hoarder", ".status.containerStatuses[0].state.terminated.exitCode"))
                .isEqualTo("137");
    }

    @Test
    void whatTheNodeCannotConfineItDoesNotRun() throws Exception {
        soon("tuner", ".status.phase", "Failed");
        assertThat(field("tuner", ".status.reason") + ": " + field("tuner", ".status.message"))
                .isEqualTo("SysctlForbidden: Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted");
        Machine.eventually(
                "why it waits",
                Duration.ofSeconds(60),
                () -> machine.kubectl("describe pod mapped").output().contains("does not support user namespaces"));
        assertThat(field("mapped", ".status.phase")).isEqualTo("Pending");
    }

    @Test
    void whatTellsOfTheNodeIsMasked() throws Exception {
        assertThat(logs("looker")).isEqualTo("0\n0\n");
    }

    @Test
    void aPodThatWantsNothingWrongGetsItsVolumes() throws Exception {
        // What goes to standard error may stand anywhere between.
        assertThat(logs("citizen"))
                .contains("kept\n", "2777 9\n", "one640 7 9\n1\n")
                .contains("can't create /one: Read-only file system");
    }

    @Test
    void whoMayReadMetricsOfANodeMayNotRunCommandsOnIt() {
        machine.kubectl("create serviceaccount watcher").ok();
        machine.kubectl("create clusterrole watcher --verb=get --resource=nodes/metrics")
                .ok();
        machine.kubectl("create clusterrolebinding watcher --clusterrole=watcher --serviceaccount=default:watcher")
                .ok();
        var call = "curl -sk -o /dev/null -w '%{http_code}' -H \"Authorization: Bearer "
                + "$(kubectl create token watcher)\" https://127.0.0.1:10250/";
        assertThat(machine.shell(call + "metrics").output()).isEqualTo("200");
        assertThat(machine.shell(call + "pods").output()).isEqualTo("403");
        assertThat(machine.shell(call + "exec/default/citizen/c?command=id").output())
                .isEqualTo("403");
        assertThat(machine.shell("curl -sk -o /dev/null -w '%{http_code}' https://127.0.0.1:10250/metrics")
                        .output())
                .isEqualTo("401");
    }
}
