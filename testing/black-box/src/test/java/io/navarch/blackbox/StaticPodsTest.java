package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Pods that the node runs by itself, as a user of stock kubectl sees them.
class StaticPodsTest {
    private static final Path DATA = Path.of("/var/lib/navarch-test");
    private static final Path MANIFEST = DATA.resolve("manifests/own.yaml");
    private static Machine machine;
    private static String before;
    private static String name;

    @BeforeAll
    static void up() throws Exception {
        machine = new Machine(DATA);
        machine.navarch("down", "--purge");
        before = machine.footprint();
        Files.createDirectories(MANIFEST.getParent());
        write("first");
        machine.navarch("up", "-f", "src/test/resources/staticpods").ok();
        name = "own-" + kubectl("get nodes -o jsonpath={.items[0].metadata.name}");
    }

    @AfterAll
    static void purge() throws Exception {
        machine.navarch("down", "--purge").ok();
        assertThat(machine.footprint()).isEqualTo(before);
    }

    private static void write(String mark) throws IOException {
        var file = Files.writeString(MANIFEST.resolveSibling(".own.yaml"), """
                apiVersion: v1
                kind: Pod
                metadata: {name: own, labels: {app: own}}
                spec:
                  terminationGracePeriodSeconds: 3
                  containers:
                  - {name: main, image: box, env: [{name: MARK, value: %s}]}
                """.formatted(mark));
        Files.move(file, MANIFEST, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String kubectl(String line) {
        return machine.kubectl(line).ok().output();
    }

    private static String field(String path) {
        var answer = machine.kubectl("get pod " + name + " --ignore-not-found -o jsonpath={" + path + "}");
        return answer.code() == 0 ? answer.output() : "";
    }

    private static String container() {
        return field(".status.containerStatuses[0].containerID");
    }

    private static void runs(String mark) throws InterruptedException {
        Machine.eventually(
                "running " + mark,
                Duration.ofMinutes(2),
                () -> field(".status.phase}/{.spec.containers[0].env[0].value}/{.status.containerStatuses[0].ready")
                        .equals("Running/" + mark + "/true"));
    }

    @Test
    void aManifestIsAPodWhateverBecomesOfItsMirror() throws Exception {
        runs("first");
        assertThat(field(".metadata.ownerReferences[0].kind")).isEqualTo("Node");
        assertThat(kubectl("exec " + name + " -- sh -c 'echo $MARK'")).isEqualTo("first\n");
        assertThat(kubectl("describe pod " + name))
                .contains("Controlled By:  Node/")
                .contains("Started");
        var uid = field(".metadata.uid");
        var container = container();
        kubectl("delete pod " + name + " --wait=false");
        Machine.eventually(
                "another mirror",
                Duration.ofMinutes(1),
                () -> !field(".metadata.uid").isEmpty()
                        && !field(".metadata.uid").equals(uid));
        runs("first");
        assertThat(container()).isEqualTo(container);

        machine.shell("kill -9 $(cat " + DATA + "/server.pid)").ok();
        Machine.eventually(
                "the server is back",
                Duration.ofMinutes(1),
                () -> machine.kubectl("get nodes").code() == 0);
        runs("first");
        assertThat(container()).isEqualTo(container);

        write("second");
        runs("second");
        assertThat(container()).isNotEqualTo(container);
        Files.delete(MANIFEST);
        Machine.eventually(
                "no pod", Duration.ofMinutes(1), () -> field(".metadata.uid").isEmpty());
        write("third");
        runs("third");
    }
}
