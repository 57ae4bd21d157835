package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The images that a cluster has itself, with skopeo and umoci as others use them, and containerd as nodes do.
class ClusterImagesTest {
    private static final String RESOURCES = "src/test/resources/images";
    private static final String REGISTRY = "docker://127.0.0.1:10271/";
    private static Machine machine;
    private static String before;

    @TempDir
    static Path work;

    @BeforeAll
    static void up() throws Exception {
        machine = new Machine(Path.of("/var/lib/navarch-test"));
        machine.navarch("down", "--purge");
        before = machine.footprint();
        machine.navarch("up", "-f", RESOURCES).ok();
        machine.shell("sh src/test/resources/busybox-image.sh " + work + "/saved.tar")
                .ok();
        machine.shell("mkdir " + work + "/certs && cp " + machine.data() + "/pki/ca.crt " + work + "/certs")
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

    private static void runs(String pod, String image) throws InterruptedException {
        machine.kubectl("run " + pod + " --image=" + image + " --restart=Never --command -- sh -c 'echo hello'")
                .ok();
        Machine.eventually(
                pod + " ended",
                Duration.ofSeconds(60),
                () -> field(pod, ".status.phase").equals("Succeeded"));
        assertThat(machine.kubectl("logs " + pod).ok().output()).isEqualTo("hello\n");
    }

    @Test
    void whatOtherToolsWriteIsLoaded() throws Exception {
        var saved = "docker-archive:" + work + "/saved.tar";
        machine.shell("cd " + work + " && skopeo copy " + saved + " oci-archive:archive.tar:example.com/archive:1"
                        + " && skopeo copy " + saved + " oci:layout:layout:1 && gzip -k archive.tar")
                .ok();
        for (var form : new String[] {"archive.tar", "archive.tar.gz"})
            assertThat(machine.navarch("image", "load", work + "/" + form).ok().output())
                    .isEqualTo("loaded example.com/archive:1\n");
        machine.navarch("image", "load", work + "/layout", "--name", "renamed:2")
                .ok();
        runs("archive", "example.com/archive:1");
        runs("renamed", "renamed:2");
        var digest = machine.shell("skopeo inspect oci-archive:" + work
                        + "/archive.tar | grep -o '\"Digest\": \"[^\"]*'" + " | cut -d'\"' -f4")
                .ok()
                .output()
                .strip();
        runs("pinned", "example.com/archive@" + digest);
        assertThat(machine.navarch("image", "ls").ok().output())
                .contains("example.com/archive:1 ", digest.substring(0, 19), "docker.io/library/renamed:2 ");
        machine.navarch("image", "rm", "renamed:2").ok();
        machine.navarch("image", "rm", "renamed:2").failed();
    }

    @Test
    void whatAPodPushesAnotherRuns() throws Exception {
        machine.kubectl("apply -f " + RESOURCES + "/pods/push.yaml").ok();
        Machine.eventually(
                "pushed",
                Duration.ofMinutes(2),
                () -> field("push", ".status.phase").matches("Succeeded|Failed"));
        assertThat(field("push", ".status.phase"))
                .as(machine.kubectl("logs push").output())
                .isEqualTo("Succeeded");
        machine.kubectl("run made --image=registry.kube-system.svc/default/made:1 --restart=Never")
                .ok();
        Machine.eventually(
                "ended",
                Duration.ofSeconds(60),
                () -> field("made", ".status.phase").equals("Succeeded"));
        assertThat(machine.kubectl("logs made").ok().output()).isEqualTo("made in a pod\n");
    }

    @Test
    void peoplePushAndPullByTheirRights() throws Exception {
        var creds = "x:$(kubectl create token pusher)";
        var certificates = work + "/certs";
        var copy = "skopeo copy --dest-cert-dir " + certificates + " --dest-creds " + creds + " docker-archive:" + work
                + "/saved.tar " + REGISTRY;
        machine.shell(copy + "default/pushed:1").ok();
        machine.shell(copy + "default/pushed:2").ok();
        runs("pushed", "registry.kube-system.svc/default/pushed:1");
        var options = " --cert-dir " + certificates + " --creds " + creds + " ";
        assertThat(machine.shell("skopeo list-tags" + options + REGISTRY + "default/pushed")
                        .ok()
                        .output())
                .contains("\"1\"", "\"2\"");
        machine.shell("skopeo copy --src-cert-dir " + certificates + " --src-creds " + creds + " " + REGISTRY
                        + "default/pushed:1 oci:" + work + "/pulled:1")
                .ok();
        machine.shell("skopeo delete" + options + REGISTRY + "default/pushed:2").ok();
        assertThat(machine.shell(copy + "kube-system/pushed:1").failed().output())
                .contains("403 (Forbidden)");
        assertThat(machine.shell(copy.replace(creds, "x:nonsense") + "default/pushed:3")
                        .failed()
                        .output())
                .contains("unauthorized");
    }

    @Test
    void podsFollowTheSourcesOfTheirImages() throws Exception {
        soonLogs("good morning\n");
        var copy = work + "/changed";
        machine.shell("cp -r " + RESOURCES + " " + copy).ok();
        Files.writeString(Path.of(copy, "images/greeting/greeting.txt"), "good evening\n");
        machine.navarch("up", "-f", copy).ok();
        soonLogs("good evening\n");
        var pods = machine.kubectl("get pods -l app=greeting -o name").ok().output();
        assertThat(machine.navarch("up", "-f", copy).ok().output()).doesNotContain("making the image");
        assertThat(machine.kubectl("get pods -l app=greeting -o name").ok().output())
                .isEqualTo(pods);
    }

    private static void soonLogs(String text) throws InterruptedException {
        Machine.eventually(
                text,
                Duration.ofSeconds(60),
                () -> machine.kubectl("logs deployment/greeting").output().equals(text));
    }

    @Test
    void imagesAreVolumes() throws Exception {
        machine.kubectl("apply -f " + RESOURCES + "/pods/volumes.yaml").ok();
        Machine.eventually(
                "volumes",
                Duration.ofSeconds(60),
                () -> machine.kubectl("logs volumes").output().contains("end"));
        assertThat(machine.kubectl("logs volumes").ok().output())
                // The other tests change it.
                .matches("good (morning|evening)\nbusybox\nRead-only file system\nend\n");
        waits("nopart", "CreateContainerError", "no subPath \"nothing\"");
        waits("noimage", "ErrImagePull|ImagePullBackOff", "absent");
        assertThat(field("unused", ".status.phase")).isEqualTo("Running");
        machine.kubectl("delete -f " + RESOURCES + "/pods/volumes.yaml --wait --timeout=60s")
                .ok();
        Machine.eventually(
                "nothing mounted",
                Duration.ofSeconds(30),
                () -> machine.shell("grep -c kubernetes.io~image /proc/self/mounts")
                        .output()
                        .equals("0\n"));
        Machine.eventually(
                "no views",
                Duration.ofSeconds(30),
                () -> machine.shell("ctr -n k8s.io -a " + machine.data()
                                + "/containerd/containerd.sock snapshots ls | grep -c navarch-volume")
                        .output()
                        .equals("0\n"));
    }

    @Test
    void whatIsWrongWithAnImageIsTold() throws Exception {
        machine.kubectl("run absent --image=registry.kube-system.svc/default/absent:1")
                .ok();
        waits("absent", "ErrImagePull|ImagePullBackOff", "registry.kube-system.svc/default/absent:1: not found");
        machine.kubectl("run never --image=absent:1 --image-pull-policy=Never").ok();
        waits("never", "ErrImageNeverPull", "Container image \"absent:1\" is not present with pull policy of Never");
        build("noentry", "FROM scratch\nLABEL a=b\nCOPY f /f\n");
        machine.kubectl("run noentry --image=noentry").ok();
        waits("noentry", "CreateContainerError", "no command specified");
        build("noprogram", "FROM busybox\nENTRYPOINT [\"/nothing\"]\n");
        machine.kubectl("run noprogram --image=noprogram --restart=Never").ok();
        Machine.eventually(
                "failed",
                Duration.ofSeconds(60),
                () -> field("noprogram", ".status.phase").equals("Failed"));
        assertThat(machine.kubectl("describe pod noprogram").ok().output())
                .contains("stat /nothing: no such file or directory");
        assertThat(machine.navarch("image", "build", RESOURCES + "/pods/push.yaml")
                        .failed()
                        .output())
                .contains("unknown key apiVersion");
    }

    private static void build(String name, String dockerfile) throws IOException {
        var context = Files.createDirectories(work.resolve(name));
        Files.writeString(context.resolve("f"), "x");
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        machine.navarch("image", "build", context.toString(), "--name", name).ok();
    }

    private static void waits(String pod, String reason, String message) throws InterruptedException {
        var waiting = ".status.containerStatuses[0].state.waiting";
        Machine.eventually(
                pod + " waits for " + reason,
                Duration.ofSeconds(60),
                () -> field(pod, waiting + ".reason").matches(reason)
                        && field(pod, waiting + ".message").contains(message));
    }
}
