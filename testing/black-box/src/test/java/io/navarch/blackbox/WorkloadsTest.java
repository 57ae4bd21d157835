package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Controllers as a user of stock kubectl sees them, on hollow nodes.
class WorkloadsTest {
    private static final String POD =
            "{metadata: {labels: {app: NAME}}, spec: {containers: [{name: c, image: hollow, resources: {requests: {cpu: 10m}}}]}}";

    private static ControlPlaneAlone plane;

    @BeforeAll
    static void start() throws Exception {
        plane = new ControlPlaneAlone(
                List.of("--hollow-nodes", "3", "--hollow-start-ms", "5-80", "--hollow-run-ms", "300"));
        Machine.soon(
                "three nodes",
                () -> kubectl("get nodes --no-headers")
                                .output()
                                .lines()
                                .filter(line -> line.contains(" Ready"))
                                .count()
                        == 3);
    }

    @AfterAll
    static void stop() throws Exception {
        plane.close();
    }

    private static Machine.Result kubectl(String line) {
        return plane.machine.kubectl(line);
    }

    private static void apply(String yaml) {
        assertThat(plane.machine.kubectl("apply -f -", yaml).ok().output()).contains("created");
    }

    private static String workload(String kind, String name, String more) {
        return "{apiVersion: apps/v1, kind: " + kind + ", metadata: {name: " + name
                + "}, spec: {selector: {matchLabels: {app: " + name + "}}, " + more + "template: "
                + POD.replace("NAME", name) + "}}";
    }

    private static void soon(String what, String line, String expected) throws InterruptedException {
        Machine.eventually(
                what, Duration.ofSeconds(30), () -> kubectl(line).output().contains(expected));
    }

    @Test
    void rolloutsOfEveryKindAreFollowedRestartedAndUndone() throws Exception {
        apply(workload("StatefulSet", "s", "replicas: 2, serviceName: s, "));
        apply(workload("DaemonSet", "d", ""));
        apply(workload("Deployment", "p", "replicas: 3, "));
        for (var each : List.of("statefulset/s", "daemonset/d", "deployment/p")) {
            kubectl("rollout status --timeout=60s " + each).ok();
            kubectl("rollout restart " + each).ok();
            kubectl("rollout status --timeout=60s " + each).ok();
            assertThat(kubectl("rollout history " + each).ok().output()).contains("1 ", "2 ");
            kubectl("rollout undo " + each).ok();
            kubectl("rollout status --timeout=60s " + each).ok();
            assertThat(kubectl("rollout history " + each).ok().output())
                    .contains("3 ")
                    .doesNotContain("\n1 ");
        }
        assertThat(kubectl("get daemonset d --no-headers").ok().output().split("\\s+"))
                .startsWith("d", "3", "3", "3", "3", "3");
        assertThat(kubectl("describe statefulset s").ok().output())
                .contains("Create Pod s-0 in StatefulSet s successful");
        kubectl("scale statefulset s --replicas=0").ok();
        soon("no pods", "get pods -l app=s", "No resources found");
        kubectl("delete statefulset/s daemonset/d deployment/p").ok();
    }

    @Test
    void jobsAreWaitedForAndMadeFromCronJobs() throws Exception {
        kubectl("create cronjob c --image=hollow --schedule='0 0 1 1 *' -- true")
                .ok();
        kubectl("create job j --from=cronjob/c").ok();
        kubectl("wait --for=condition=complete job/j --timeout=60s").ok();
        assertThat(kubectl("get job j --no-headers").ok().output()).contains("Complete", "1/1");
        assertThat(kubectl("describe job j").ok().output()).contains("Created pod: j-", "Job completed");
        kubectl("delete job/j cronjob/c").ok();
        soon("the pods gone", "get pods -l job-name=j", "No resources found");
    }

    @Test
    void aDrainAsksTheBudget() throws Exception {
        apply(workload("Deployment", "guarded", "replicas: 2, "));
        kubectl("rollout status --timeout=60s deployment/guarded").ok();
        kubectl("create poddisruptionbudget guard --selector=app=guarded --min-available=2")
                .ok();
        soon("the budget counted", "get pdb guard -o jsonpath={.status.currentHealthy}", "2");
        var node = kubectl("get pods -l app=guarded -o jsonpath='{.items[0].spec.nodeName}'")
                .ok()
                .output();
        assertThat(kubectl("drain " + node + " --ignore-daemonsets --timeout=4s")
                        .failed()
                        .output())
                .contains("Cannot evict pod as it would violate the pod's disruption budget.");
        kubectl("patch pdb guard --type=merge -p '{\"spec\":{\"minAvailable\":1}}'")
                .ok();
        kubectl("drain " + node + " --ignore-daemonsets --timeout=60s").ok();
        assertThat(kubectl("get pods -l app=guarded -o jsonpath='{.items[*].spec.nodeName}'")
                        .ok()
                        .output())
                .doesNotContain(node);
        kubectl("uncordon " + node).ok();
        kubectl("delete pdb/guard deployment/guarded").ok();
    }

    @Test
    void anAutoscalerWithoutMetricsSaysWhatIsMissing() throws Exception {
        kubectl("create deployment scaled --image=hollow").ok();
        kubectl("rollout status --timeout=60s deployment/scaled").ok();
        kubectl("autoscale deployment scaled --min=2 --max=5 --cpu=50%").ok();
        // The lower bound holds without any metric.
        soon("two pods", "get deployment scaled -o jsonpath={.status.availableReplicas}", "2");
        soon("the reason", "describe hpa scaled", "FailedGetResourceMetric");
        assertThat(kubectl("get hpa scaled --no-headers").ok().output()).contains("Deployment/scaled", "<unknown>/50%");
        kubectl("delete hpa/scaled deployment/scaled").ok();
    }

    @Test
    void aCertificateIsSignedWhenItIsApproved() throws Exception {
        var answer = plane.machine.shell("""
                set -e
                d=$(mktemp -d)
                trap 'rm -r "$d"' EXIT
                openssl req -new -newkey rsa:2048 -nodes -keyout $d/key -subj "/O=team/CN=jane" -out $d/csr 2>/dev/null
                kubectl create -f - >/dev/null <<END
                {"apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest", "metadata": {"name": "jane"},
                 "spec": {"signerName": "kubernetes.io/kube-apiserver-client", "usages": ["client auth"],
                          "request": "$(base64 -w0 $d/csr)"}}
                END
                kubectl certificate approve jane >/dev/null
                kubectl wait --for=jsonpath='{.status.certificate}' csr/jane --timeout=30s >/dev/null
                kubectl get csr jane -o jsonpath='{.status.certificate}' | base64 -d > $d/crt
                openssl x509 -in $d/crt -noout -subject
                kubectl auth whoami --client-certificate=$d/crt --client-key=$d/key -o jsonpath='{.status.userInfo.username}'
                kubectl delete csr jane >/dev/null
                """);
        assertThat(answer.ok().output()).contains("O = team, CN = jane").endsWith("jane");
    }

    @Test
    void aNamespaceThatCannotGoSaysWhy() throws Exception {
        kubectl("create namespace stuck").ok();
        plane.machine
                .kubectl(
                        "create -f -",
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: held, namespace: stuck, finalizers: [example.com/held]}}")
                .ok();
        kubectl("delete namespace stuck --wait=false").ok();
        soon(
                "the reason",
                "get namespace stuck -o jsonpath={.status.conditions[*].message}",
                "Some content in the namespace has finalizers remaining: example.com/held in 1 resource instances");
        kubectl("patch configmap held -n stuck --type=merge -p '{\"metadata\":{\"finalizers\":null}}'")
                .ok();
        kubectl("wait --for=delete namespace/stuck --timeout=60s").ok();
    }
}
