package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Parts of a cluster that are processes of their own: a node that joins a control plane by nothing but a command, runs
/// a pod, and starts anew without the token; DNS and ingress.
class JoinTest {
    private static final String SERVING =
            "get csr -o jsonpath='{.items[?(@.spec.signerName==\"kubernetes.io/kubelet-serving\")].metadata.name}'";

    @Test
    void anAgentJoinsAndRunsAPod() throws Exception {
        var worker = new Machine(Path.of("/var/lib/navarch-test-agent"));
        worker.navarch("down", "--purge");
        var before = worker.footprint();
        try (var plane = new ControlPlaneAlone(List.of())) {
            var join = plane.machine
                    .navarch("token", "create", "--print-join-command")
                    .ok()
                    .output()
                    .strip();
            assertThat(join).startsWith("navarch agent --server https://127.0.0.1:" + plane.port());
            worker.shell("sh src/test/resources/busybox-image.sh " + plane.data + "/busybox.tar")
                    .ok();
            worker.navarch("image", "load", plane.data + "/busybox.tar").ok();
            runsPods(plane, worker, join);
            // The node is known by its certificate now.
            plane.machine.navarch("token", "delete", join.split(" ")[5]).ok();
            var again = join.replaceAll(" --token \\S+", "");
            comesBack(plane, worker, again);
            runsOn(plane, worker, again);
        } finally {
            worker.navarch("down", "--purge").ok();
        }
        assertThat(worker.footprint()).isEqualTo(before);
    }

    @Test
    void dnsAndIngressRunInAProcessOfTheirOwn() throws Exception {
        try (var plane = new ControlPlaneAlone(List.of())) {
            var user = plane.data + "/network.kubeconfig";
            plane.machine
                    .navarch("user", "create", "navarch:network", "--out", user)
                    .ok();
            var network = plane.machine.start("../../navarch network --kubeconfig " + user
                    + " --node-ip 127.0.0.1 --data-dir " + plane.data + "/network");
            try {
                soon("names", () -> asked(plane, "kubernetes.default.svc.cluster.local"));
                assertThat(asked(plane, "kubernetes.default.svc.cluster.local").output())
                        .contains("10.96.0.1");
                assertThat(plane.machine
                                .kubectl("get service kube-dns -n kube-system -o jsonpath={.spec.clusterIP}")
                                .ok()
                                .output())
                        .isEqualTo("10.96.0.10");
                assertThat(plane.machine
                                .shell("curl -s http://127.0.0.1/ && curl -sk https://127.0.0.1/")
                                .ok()
                                .output())
                        .isEqualTo("default backend - 404default backend - 404");
            } finally {
                end(network);
            }
        }
    }

    private static Machine.Result asked(ControlPlaneAlone plane, String name) {
        return plane.machine.shell("busybox nslookup -type=a " + name + " 127.0.0.1:10053");
    }

    private static Process agent(Machine worker, String join) throws Exception {
        return worker.start("../../" + join + " --node-name worker --node-ip 127.0.0.1 --data-dir " + worker.data());
    }

    private static void runsPods(ControlPlaneAlone plane, Machine worker, String join) throws Exception {
        var agent = agent(worker, join);
        try {
            soon("ready", () -> plane.machine.kubectl("wait --for=condition=Ready node/worker --timeout=1s"));
            plane.machine
                    .kubectl("run hello --image=busybox --restart=Never --command -- sh -c 'echo hi; sleep 1000'")
                    .ok();
            soon("running", () -> plane.machine.kubectl("wait --for=condition=Ready pod/hello --timeout=1s"));
            var request = plane.machine.kubectl(SERVING).ok().output();
            plane.machine.kubectl("certificate approve " + request).ok();
            soon("logs", () -> plane.machine.kubectl("logs hello"));
            assertThat(plane.machine.kubectl("logs hello").ok().output()).isEqualTo("hi\n");
            assertThat(plane.machine.kubectl("exec hello -- hostname").ok().output())
                    .isEqualTo("hello\n");
        } finally {
            end(agent);
        }
    }

    /// In the background, an agent that dies comes back, and its pods do not notice.
    private static void comesBack(ControlPlaneAlone plane, Machine worker, String join) throws Exception {
        worker.shell("../../" + join + " --background --node-name worker --node-ip 127.0.0.1 --data-dir "
                        + worker.data())
                .ok();
        var started = plane.machine
                .kubectl("get pod hello -o jsonpath={.status.containerStatuses[0].state.running.startedAt}")
                .ok()
                .output();
        long former = pid(worker);
        worker.shell("kill -9 " + former).ok();
        Machine.eventually("another agent", Duration.ofSeconds(5), () -> {
            long now = pid(worker);
            return now != former && ProcessHandle.of(now).isPresent();
        });
        soon("exec", () -> plane.machine.kubectl("exec hello -- hostname"));
        assertThat(plane.machine
                        .kubectl("get pod hello -o jsonpath={.status.containerStatuses[0].state.running.startedAt}")
                        .ok()
                        .output())
                .isEqualTo(started);
        assertThat(worker.navarch("status").ok().output())
                .containsPattern("agent: +running, pid .*started again once.*signal 9 \\(SIGKILL\\)")
                .contains("supervisor: running")
                .contains("containerd: running");
        // Only what looks after the agent, and the agent: the pod runs on.
        var supervisor = worker.shell("pkill -TERM -o -f '^sh " + worker.data() + "/supervise.sh .* agent '");
        supervisor.ok();
        Machine.eventually("no agent", Duration.ofSeconds(30), () -> pid(worker) == 0);
    }

    private static long pid(Machine worker) {
        try {
            var file = worker.data().resolve("agent.pid");
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException e) {
            // It is being written.
            return 0;
        }
    }

    private static void runsOn(ControlPlaneAlone plane, Machine worker, String join) throws Exception {
        var agent = agent(worker, join);
        try {
            soon("exec", () -> plane.machine.kubectl("exec hello -- hostname"));
            plane.machine
                    .kubectl("delete pod hello --grace-period=1 --timeout=30s")
                    .ok();
        } finally {
            end(agent);
        }
        try (var files = Files.list(worker.data().resolve("identity"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ca.crt", "server", "client.pem", "serving.pem", "place");
        }
    }

    private static void soon(String what, Supplier<Machine.Result> command) throws Exception {
        Machine.eventually(what, Duration.ofSeconds(60), () -> command.get().code() == 0);
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
}
