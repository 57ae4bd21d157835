package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// The example from nothing, stock kubectl and helm against it, a crash, and nothing left behind.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
    private static final String RESOURCES = "src/test/resources/";
    private static Machine machine;
    private static String before;

    @BeforeAll
    static void up() throws Exception {
        machine = new Machine(Path.of("/var/lib/navarch-test"));
        machine.navarch("down", "--purge");
        before = machine.footprint();
        var up = machine.navarch("up", "-f", "../../examples/web");
        assertThat(up.ok().output())
                .contains("the node is Ready", "all is rolled out", "It works", "http://localhost/");
    }

    /// Also when a test failed.
    @AfterAll
    static void purge() throws Exception {
        machine.navarch("down", "--purge").ok();
        assertThat(machine.footprint()).isEqualTo(before);
    }

    private static Machine.Result kubectl(String line) {
        return machine.kubectl(line);
    }

    private static String pod(String selector) {
        return kubectl("get pods -l " + selector + " -o jsonpath='{.items[0].metadata.name}'")
                .ok()
                .output();
    }

    @Test
    @Order(1)
    void upTwiceIsHarmlessAndStatusTells() {
        assertThat(machine.navarch("up", "-f", "../../examples/web").ok().output())
                .contains("is running", "It works");
        assertThat(machine.navarch("status").ok().output()).contains("Ready", "3 of 3 running");
    }

    @Test
    @Order(2)
    void theIngressServesThePage() {
        assertThat(machine.shell("curl -s http://localhost/").ok().output()).contains("It works");
        assertThat(kubectl("get ingress my-ingress").ok().output()).contains("my-ingress");
        assertThat(kubectl("get ingresses.v1beta1.extensions").ok().output())
                .contains("Warning: extensions/v1beta1 Ingress is deprecated");
    }

    @Test
    @Order(3)
    void kubectlReachesIntoPods() throws Exception {
        var pod = pod("app=nginx");
        assertThat(kubectl("exec " + pod + " -- hostname").ok().output()).isEqualTo(pod + "\n");
        assertThat(machine.kubectl("exec -i " + pod + " -- cat", "hello").ok().output())
                .isEqualTo("hello");
        assertThat(kubectl("exec " + pod + " -- sh -c 'exit 3'").code()).isEqualTo(3);
        assertThat(machine.shell("KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false kubectl exec " + pod + " -- echo spdy")
                        .ok()
                        .output())
                .isEqualTo("spdy\n");
        assertThat(machine.shell("script -qec 'kubectl exec -it " + pod + " -- sh -c tty' /dev/null")
                        .ok()
                        .output())
                .contains("/dev/pts/0");
        assertThat(kubectl("exec " + pod + " -- wget -qO- http://my-service")
                        .ok()
                        .output())
                .contains("It works");
        assertThat(kubectl("exec " + pod
                                + " -- sh -c 'wget -qO- --no-check-certificate https://kubernetes.default/version'")
                        .ok()
                        .output())
                .contains("+navarch");
        assertThat(kubectl("logs " + pod + " --tail=1").ok().output().lines().count())
                .isEqualTo(1);
        Files.writeString(Path.of("target/sent"), "over\n");
        kubectl("cp target/sent " + pod + ":/tmp/sent").ok();
        kubectl("cp " + pod + ":/tmp/sent target/received").ok();
        assertThat(Files.readString(Path.of("target/received"))).isEqualTo("over\n");
        for (var webSockets : new String[] {"true", "false"}) {
            var forward = machine.start("env KUBECTL_PORT_FORWARD_WEBSOCKETS=" + webSockets
                    + " kubectl port-forward svc/my-service 18080:80");
            try {
                Machine.eventually(
                        "port-forward",
                        Duration.ofSeconds(20),
                        () -> machine.shell("curl -s http://localhost:18080/")
                                .output()
                                .contains("It works"));
            } finally {
                forward.destroy();
                forward.waitFor();
            }
        }
    }

    @Test
    @Order(4)
    void kubectlChangesObjects() throws Exception {
        kubectl("create configmap config --from-literal=a=1").ok();
        kubectl("label configmap config l=1").ok();
        kubectl("annotate configmap config note=x").ok();
        kubectl("patch configmap config -p '{\"data\":{\"b\":\"2\"}}'").ok();
        kubectl("patch configmap config --type=json -p '[{\"op\":\"add\",\"path\":\"/data/c\",\"value\":\"3\"}]'")
                .ok();
        assertThat(kubectl("get configmap config -o jsonpath='{.data}'").ok().output())
                .isEqualTo("{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");
        machine.shell("KUBE_EDITOR='sed -i s/\\\"1\\\"/\\\"9\\\"/' kubectl edit configmap config")
                .ok();
        assertThat(kubectl("get configmap config -o name -w --request-timeout=1s")
                        .output())
                .contains("configmap/config");
        kubectl("create secret generic secret --from-literal=p=w").ok();
        kubectl("create deployment extra --image=nginx:1.22 --replicas=0 --dry-run=server -o yaml")
                .ok();
        assertThat(kubectl("explain deployment.spec.strategy").ok().output()).contains("rollingUpdate");
        assertThat(kubectl("api-resources").ok().output()).contains("deployments", "ingresses");
        assertThat(kubectl("auth can-i create pods --as=nobody").output()).contains("no");
        assertThat(kubectl("get pods -A -o wide").ok().output()).contains("nginx-deployment");
        for (var object : new String[] {
            "node",
            "deployment nginx-deployment",
            "service my-service",
            "ingress my-ingress",
            "configmap config",
            "namespace default"
        }) {
            kubectl("describe " + object).ok();
        }
        // Two readings of the node are needed.
        Machine.eventually(
                "what pods take",
                Duration.ofMinutes(2),
                () -> kubectl("top pods").output().contains("nginx-deployment"));
        kubectl("delete configmap,secret --all").ok();
    }

    /// Under the names and at the ports where the community's dashboards and scrapers look for them.
    @Test
    @Order(4)
    void everyPartTellsOfItself() throws Exception {
        var node = "/api/v1/nodes/$(kubectl get nodes -o name | cut -d/ -f2)/proxy/metrics";
        var told = Map.of(
                "kubelet", machine.shell("kubectl get --raw " + node),
                "cadvisor", machine.shell("kubectl get --raw " + node + "/cadvisor"),
                "proxy", machine.shell("curl -s http://127.0.0.1:10249/metrics"));
        told.values().forEach(Machine.Result::ok);
        var reasons = Files.readAllLines(Path.of("../../docs/metrics.md"));
        var names = Files.readAllLines(Path.of("../specs/src/test/resources/io/navarch/specs/mixin.txt"));
        assertThat(names)
                .filteredOn(line -> told.containsKey(line.substring(line.indexOf(' ') + 1)))
                .allSatisfy(line -> {
                    var name = line.split(" ")[0];
                    var part = line.split(" ")[1];
                    boolean explained = reasons.stream()
                            .anyMatch(row -> row.contains("`" + name + "`") && row.contains("| " + part + " |"));
                    if (!explained) assertThat(told.get(part).output()).as(part).contains("# TYPE " + name + " ");
                });
        assertThat(machine.shell("curl -s http://127.0.0.1:10256/healthz").ok().output())
                .contains("\"nodeEligible\":true", "\"healthy\":true");
        var service =
                kubectl("get service -n kube-system kube-dns -o yaml").ok().output();
        assertThat(service).contains("prometheus.io/port: \"9153\"", "name: metrics");
        // Of Endpoints the server says that they are of old.
        var address = kubectl("get endpointslices -n kube-system -l kubernetes.io/service-name=kube-dns"
                + " -o jsonpath='{.items[0].endpoints[0].addresses[0]}'");
        assertThat(machine.shell("curl -s http://" + address.ok().output() + ":9153/metrics")
                        .ok()
                        .output())
                .contains("coredns_dns_requests_total{");
        assertThat(machine.shell("curl -s http://" + address.output() + ":10254/healthz; for port in 10257 10259; do"
                                + " curl -sk https://127.0.0.1:$port/healthz; done")
                        .ok()
                        .output())
                .isEqualTo("okokok");
        assertThat(machine.shell("curl -sk -o /dev/null -w '%{http_code}' https://127.0.0.1:10259/metrics")
                        .output())
                .isEqualTo("403");
    }

    @Test
    @Order(5)
    void theSlidesManifestsWorkVerbatim() throws Exception {
        kubectl("create namespace slides").ok();
        Machine.eventually(
                "service account",
                Duration.ofSeconds(10),
                () -> kubectl("get sa default -n slides").code() == 0);
        for (var file : new String[] {"pod", "deployment", "service", "ingress"})
            kubectl("apply -n slides -f " + RESOURCES + "slides/" + file + ".yml")
                    .ok();
        kubectl("apply -n slides -f " + RESOURCES + "slides/deployment.yml").ok();
        kubectl("wait -n slides --for=condition=Ready pod/nginx --timeout=60s").ok();
        kubectl("rollout status -n slides deployment/nginx-deployment --timeout=60s")
                .ok();
        assertThat(kubectl("diff -n slides -f " + RESOURCES + "slides/service.yml")
                        .ok()
                        .output())
                .isEmpty();
        kubectl("delete namespace slides --timeout=90s").ok();
        kubectl("run nginx --image nginx").ok();
        kubectl("expose pod nginx --port 80 --name exposed").ok();
        kubectl("wait --for=condition=Ready pod/nginx --timeout=60s").ok();
        kubectl("delete pod/nginx svc/exposed").ok();
    }

    @Test
    @Order(6)
    void rolloutsGoForwardAndBack() {
        kubectl("set image deployment/nginx-deployment nginx=nginx:1.22").ok();
        kubectl("rollout status deployment/nginx-deployment --timeout=90s").ok();
        assertThat(kubectl("rollout history deployment/nginx-deployment").ok().output())
                .contains("1", "2");
        kubectl("rollout undo deployment/nginx-deployment").ok();
        kubectl("rollout status deployment/nginx-deployment --timeout=90s").ok();
        assertThat(kubectl("get deployment nginx-deployment -o jsonpath='{..image}'")
                        .ok()
                        .output())
                .isEqualTo("nginx:1.7.9");
        kubectl("rollout restart deployment/nginx-deployment").ok();
        kubectl("rollout status deployment/nginx-deployment --timeout=90s").ok();
        kubectl("scale deployment/nginx-deployment --replicas=2").ok();
        kubectl("wait --for=jsonpath='{.status.readyReplicas}'=2 deployment/nginx-deployment --timeout=60s")
                .ok();
    }

    @Test
    @Order(7)
    void customResourcesGoTheSameWay() {
        kubectl("apply -f " + RESOURCES + "crd.yaml").ok();
        kubectl("wait --for=condition=Established crd/crontabs.stable.example.com --timeout=20s")
                .ok();
        var object =
                "apiVersion: stable.example.com/v1\nkind: CronTab\nmetadata: {name: one}\nspec: {cronSpec: '* * * * */5', strange: 1}\n";
        assertThat(machine.kubectl("apply -f -", object).failed().output()).contains("unknown field \"spec.strange\"");
        machine.kubectl("apply --validate=false -f -", object).ok();
        assertThat(kubectl("get ct").ok().output()).contains("* * * * */5", "1");
        assertThat(kubectl("patch ct one --type=merge -p '{\"spec\":{\"replicas\":11}}'")
                        .failed()
                        .output())
                .contains("should be less than or equal to 10");
        kubectl("scale ct one --replicas=3").ok();
        machine.kubectl(
                        "apply --server-side --field-manager=other --force-conflicts -f -",
                        object.replace(", strange: 1", ""))
                .ok();
        kubectl("delete crd crontabs.stable.example.com").ok();
    }

    @Test
    @Order(8)
    void helmInstallsUpgradesRollsBackAndUninstalls() {
        machine.helm("install rel " + RESOURCES + "chart --wait --timeout 90s").ok();
        assertThat(kubectl("exec deploy/rel -- sh -c 'echo $text; cat /secret/password'")
                        .ok()
                        .output())
                .isEqualTo("hello\nsecret");
        machine.helm("upgrade rel " + RESOURCES + "chart --set text=bye,replicas=2 --wait --timeout 90s")
                .ok();
        machine.helm("rollback rel 1 --wait --timeout 90s").ok();
        assertThat(machine.helm("history rel").ok().output()).contains("Rollback to 1");
        machine.helm("uninstall rel --wait").ok();
        assertThat(kubectl("get deploy rel").failed().output()).contains("NotFound");
    }

    @Test
    @Order(8)
    void servicesAndIngressCarryTraffic() throws Exception {
        machine.shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout target/tls.key -out target/tls.crt -days 2"
                        + " -subj /CN=shop.example -addext subjectAltName=DNS:shop.example")
                .ok();
        kubectl("create secret tls shop --cert target/tls.crt --key target/tls.key")
                .ok();
        kubectl("create ingress shop --rule='shop.example/*=my-service:80,tls=shop'")
                .ok();
        Machine.eventually(
                "page over TLS with the Secret's certificate",
                Duration.ofSeconds(20),
                () -> machine.shell(
                                "curl -s --cacert target/tls.crt --resolve shop.example:443:127.0.0.1 https://shop.example/")
                        .output()
                        .contains("It works"));
        kubectl("create service nodeport door --tcp=80:80 --node-port=30080").ok();
        kubectl("set selector service door app=nginx").ok();
        var address = kubectl("get nodes -o jsonpath='{.items[0].status.addresses[0].address}'")
                .ok()
                .output();
        Machine.eventually(
                "page through the NodePort",
                Duration.ofSeconds(20),
                () -> machine.shell("curl -s --max-time 2 http://" + address + ":30080/")
                        .output()
                        .contains("It works"));
        kubectl("scale deployment/nginx-deployment --replicas=3").ok();
        kubectl("rollout status deployment/nginx-deployment --timeout=60s").ok();
        kubectl("patch service door -p '{\"spec\":{\"sessionAffinity\":\"ClientIP\"}}'")
                .ok();
        Machine.eventually(
                "one pod for one client",
                Duration.ofSeconds(20),
                () -> machine.shell("for i in 1 2 3 4 5 6 7 8; do curl -si --max-time 2 http://" + address
                                + ":30080/ | grep -i x-served-by; done | sort -u | wc -l")
                        .output()
                        .strip()
                        .equals("1"));
        kubectl("delete ingress/shop secret/shop service/door").ok();
    }

    @Test
    @Order(8)
    void podsLiveAsTheirSpecSays() throws Exception {
        assertThat(machine.kubectl(
                                "run once -i --rm --quiet --image=nginx:1.22 --restart=Never -- cat", "through stdin\n")
                        .ok()
                        .output())
                .contains("through stdin");
        kubectl("apply -f " + RESOURCES + "pods.yaml").ok();
        kubectl("wait --for=jsonpath='{.status.phase}'=Succeeded pod/inits --timeout=60s")
                .ok();
        assertThat(kubectl("logs inits -c c").ok().output()).isEqualTo("one\na=\"b\"\n64\n");
        assertThat(kubectl("get pod inits").ok().output()).contains("Completed");
        kubectl(
                        "wait --for=jsonpath='{.status.containerStatuses[0].state.terminated.reason}'=OOMKilled pod/oom --timeout=60s")
                .ok();
        kubectl(
                        "wait --for=jsonpath='{.status.containerStatuses[0].state.waiting.reason}'=CrashLoopBackOff pod/crash --timeout=60s")
                .ok();
        assertThat(kubectl("logs crash --previous").ok().output()).isEqualTo("run\n");
        assertThat(kubectl("get pod crash -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}'")
                        .ok()
                        .output())
                .isEqualTo("7");
        Machine.eventually(
                "a failed liveness probe restarts",
                Duration.ofSeconds(60),
                () -> !kubectl("get pod live -o jsonpath='{.status.containerStatuses[0].restartCount}'")
                        .output()
                        .equals("0"));
        assertThat(kubectl("exec h0 -- hostname -f").ok().output())
                .isEqualTo("h0.headless.default.svc.cluster.local\n");
        assertThat(kubectl("exec h0 -- nslookup -type=srv _web._tcp.headless.default.svc.cluster.local")
                        .ok()
                        .output())
                .contains("80 h0.headless.default.svc.cluster.local");
        assertThat(kubectl("get events --field-selector reason=FailedScheduling")
                        .ok()
                        .output())
                .contains("0/1 nodes are available: 1 Insufficient cpu.");
        kubectl(
                        "wait --for=jsonpath='{.status.containerStatuses[0].state.waiting.reason}'=CreateContainerConfigError pod/missingcm --timeout=60s")
                .ok();
        kubectl("create configmap nope --from-literal=a=1").ok();
        kubectl("wait --for=condition=Ready pod/missingcm --timeout=60s").ok();
        kubectl("delete configmap nope").ok();
        kubectl("delete -f " + RESOURCES + "pods.yaml --grace-period=1").ok();
    }

    @Test
    @Order(9)
    void badInputIsNamedAndLeavesNothing() {
        assertThat(machine.kubectl(
                                "create -f -",
                                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"UPPER\"}}")
                        .failed()
                        .output())
                .contains("metadata.name: Invalid value: \"UPPER\"");
        assertThat(kubectl("get pods -l 'a in b'").failed().output()).contains("unable to parse requirement");
        assertThat(machine.kubectl(
                                "create -n nowhere -f -",
                                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}")
                        .failed()
                        .output())
                .contains("namespaces \"nowhere\" not found");
        assertThat(kubectl("get --raw /apis/nothing/v1").failed().output())
                .contains("the server could not find the requested resource");
        assertThat(kubectl("get pods --as=nobody").failed().output())
                .contains(
                        "User \"nobody\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"");
        assertThat(machine.shell("curl -sk -H 'Authorization: Bearer x.y.z' https://localhost:6443/api")
                        .ok()
                        .output())
                .contains("Unauthorized");
        assertThat(machine.shell("curl -sk https://localhost:6443/api/v1/pods")
                        .ok()
                        .output())
                .contains("system:anonymous");
        var huge = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"huge\"},\"data\":{\"a\":\""
                + "x".repeat(4 << 20) + "\"}}";
        assertThat(machine.kubectl("create --validate=false -f -", huge)
                        .failed()
                        .output())
                .contains("too large");
        kubectl("run lost --image=not-there.example/none:1").ok();
        kubectl(
                        "wait --for=jsonpath='{.status.containerStatuses[0].state.waiting.reason}'=ImagePullBackOff pod/lost --timeout=60s")
                .ok();
        kubectl("delete pod lost").ok();
        assertThat(machine.navarch("up", "--prot", "1").failed().output()).contains("did you mean --port?");
    }

    @Test
    @Order(10)
    void aKilledServerLosesNothingAndPodsRunOn() throws Exception {
        kubectl("create configmap kept --from-literal=a=1").ok();
        var pod = pod("app=nginx");
        var containers = kubectl("get pod " + pod + " -o jsonpath='{.status.containerStatuses[0].containerID}'")
                .ok()
                .output();
        machine.shell("kill -9 $(cat " + machine.data() + "/server.pid)").ok();
        machine.navarch("up").ok();
        assertThat(kubectl("get configmap kept -o jsonpath='{.data.a}'").ok().output())
                .isEqualTo("1");
        assertThat(kubectl(
                                "get pod " + pod
                                        + " -o jsonpath='{.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}'")
                        .ok()
                        .output())
                .isEqualTo(containers + " 0");
        Machine.eventually(
                "page after restart",
                Duration.ofSeconds(20),
                () -> machine.shell("curl -s http://localhost/").output().contains("It works"));
        kubectl("delete configmap kept").ok();
    }

    @Test
    @Order(11)
    void aPortThatIsTakenIsNamed() throws Exception {
        try (var socket = new Socket("localhost", 6443)) {
            assertThat(socket.isConnected()).isTrue();
        }
        var other = machine.shell("../../navarch server --no-node --data-dir target/other --port 6443");
        assertThat(other.failed().output()).contains("cannot listen on", "6443");
    }

    /// Operators in pods of the same cluster, after all others; with `-Doperators=true`, since they take minutes.
    @Nested
    @EnabledIfSystemProperty(named = "operators", matches = "true")
    class Programs {
        @BeforeAll
        static void image() {
            JvmImage.load(machine);
        }

        @Nested
        class Operators extends OperatorPods {
            Operators() {
                super(machine);
            }
        }

        @Nested
        class Chart extends OperatorChart {
            Chart() {
                super(machine);
            }
        }
    }
}
