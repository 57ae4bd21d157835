package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Operators that run as pods with a ServiceAccount and the rights of a Role, one written with java-operator-sdk, one
/// with fabric8 alone, which serves the webhooks of its kind behind a Service. Runs in the cluster of
/// whoever extends it, which has the image.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class OperatorPods {
    private static final String RESOURCES = "src/test/resources/operators/";
    private static final String NEW =
            "{apiVersion: test.navarch.io/v1, kind: Widget, metadata: {name: %s, namespace: operators}, spec: {width: %d, height: 4}}";
    private static final String OLD =
            "{apiVersion: test.navarch.io/v1beta1, kind: Widget, metadata: {name: %s, namespace: operators}, spec: {size: 3x4}}";

    private final Machine machine;
    private String keeper;

    OperatorPods(Machine machine) {
        this.machine = machine;
    }

    @BeforeAll
    void operators() throws Exception {
        machine.shell("""
                set -e
                kubectl create namespace operators
                kubectl label namespace operators pod-security.kubernetes.io/enforce=restricted
                cd target
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority \\
                    -keyout hooks-ca.key -out hooks-ca.crt 2>/dev/null
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=keeper \\
                    -CA hooks-ca.crt -CAkey hooks-ca.key -addext subjectAltName=DNS:keeper.operators.svc \\
                    -keyout hooks.key -out hooks.crt 2>/dev/null
                kubectl create secret tls keeper -n operators --cert hooks.crt --key hooks.key
                """).ok();
        var authority = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of("target/hooks-ca.crt")));
        keeper = Files.readString(Path.of(RESOURCES + "keeper.yaml")).replace("AUTHORITY", authority);
        machine.kubectl("apply -f -", keeper).ok();
        kubectl("apply -f " + RESOURCES + "greeter.yaml").ok();
    }

    /// Also when a test failed.
    @AfterAll
    void away() {
        // An operator that is gone converts and cleans up nothing any more.
        machine.shell("""
                rm -f target/hooks*
                kubectl delete -n operators deployment --all
                kubectl wait -n operators --for=delete pod --all --timeout=60s
                kubectl delete mutatingwebhookconfiguration,validatingwebhookconfiguration keeper
                kubectl patch crd widgets.test.navarch.io --type=merge \\
                    -p '{"spec":{"conversion":{"strategy":"None","webhook":null}}}'
                for object in $(kubectl get widgets,greetings -n operators -o name); do
                    kubectl patch -n operators $object --type=merge -p '{"metadata":{"finalizers":null}}'
                done
                """);
        machine.kubectl("delete --ignore-not-found --timeout=60s -f -", keeper).ok();
        kubectl("delete --ignore-not-found --timeout=60s -f " + RESOURCES + "greeter.yaml")
                .ok();
        kubectl("delete namespace operators --timeout=60s").ok();
    }

    private Machine.Result kubectl(String line) {
        return machine.kubectl("-n operators " + line);
    }

    private Machine.Result create(String object, Object... values) {
        return machine.kubectl("create -f -", object.formatted(values));
    }

    private String field(String object, String path) {
        return kubectl("get " + object + " -o jsonpath='{" + path + "}'").ok().output();
    }

    @Test
    @Order(1)
    void anOperatorOfJavaOperatorSdkReconcilesAndCleansUp() {
        kubectl("rollout status deployment/greeter --timeout=120s").ok();
        var greeting =
                "{apiVersion: test.navarch.io/v1, kind: Greeting, metadata: {name: hello, namespace: operators}, spec: {text: %s}}";
        machine.kubectl("apply -f -", greeting.formatted("hello")).ok();
        kubectl("wait --for=jsonpath='{.status.said}'=hello greeting/hello --timeout=60s")
                .ok();
        assertThat(field("cm of-hello", ".data.text")).isEqualTo("hello");
        assertThat(field("lease greeter", ".spec.holderIdentity")).startsWith("greeter-");
        kubectl("patch cm of-hello --type=merge -p '{\"data\":{\"text\":\"spoilt\"}}'")
                .ok();
        Machine.soon(
                "the repaired map", () -> field("cm of-hello", ".data.text").equals("hello"));
        machine.kubectl("apply -f -", greeting.formatted("bye")).ok();
        kubectl("wait --for=jsonpath='{.status.said}'=bye greeting/hello --timeout=60s")
                .ok();
        assertThat(field("greeting hello", ".metadata.finalizers")).contains("/finalizer");
        kubectl("delete greeting hello --timeout=30s").ok();
        assertThat(kubectl("get cm of-hello").failed().output()).contains("NotFound");
    }

    @Test
    @Order(2)
    void webhooksOfAnOperatorDefaultRefuseAndConvert() {
        kubectl("rollout status deployment/keeper --timeout=120s").ok();
        assertThat(create(OLD, "old").ok().output())
                .contains(
                        "Warning: test.navarch.io/v1beta1 Widget is deprecated", "widget.test.navarch.io/old created");
        kubectl("wait --for=condition=Ready widget/old --timeout=60s").ok();
        assertThat(field("widget old", ".spec")).isEqualTo("{\"color\":\"grey\",\"height\":4,\"width\":3}");
        assertThat(field("widgets.v1beta1.test.navarch.io old", ".spec"))
                .endsWith("Widget\n{\"color\":\"grey\",\"size\":\"3x4\"}");
        assertThat(kubectl("get widgets --no-headers").ok().output().split("\\s+"))
                .containsExactly("old", "grey", "12");
        assertThat(field("cm widget-old", ".data.area")).isEqualTo("12");
        assertThat(machine.kubectl("apply -f -", NEW.formatted("new", 100)).ok().output())
                .contains("Warning: a widget of 100 barely fits", "widget.test.navarch.io/new created");
        kubectl("wait --for=jsonpath='{.status.area}'=400 widget/new --timeout=60s")
                .ok();
        assertThat(machine.kubectl("apply -f -", NEW.formatted("new", 5)).ok().output())
                .isEqualTo("widget.test.navarch.io/new configured\n");
        kubectl("wait --for=jsonpath='{.status.area}'=20 widget/new --timeout=60s")
                .ok();
        assertThat(create(NEW, "wide", 101).failed().output())
                .isEqualTo("Error from server (Forbidden): error when creating \"STDIN\": admission webhook"
                        + " \"sizes.keeper.test.navarch.io\" denied the request: a widget of 101 does not fit\n");
        assertThat(kubectl("patch widget old --type=merge -p '{\"spec\":{\"width\":102}}'")
                        .failed()
                        .output())
                .isEqualTo("Error from server (Forbidden): admission webhook \"sizes.keeper.test.navarch.io\" denied"
                        + " the request: a widget of 102 does not fit\n");
    }

    @Test
    @Order(3)
    void aDryRunAsksTheWebhooksAndKeepsNothing() {
        assertThat(machine.kubectl("create --dry-run=server -o jsonpath='{.spec.color}' -f -", NEW.formatted("dry", 7))
                        .ok()
                        .output())
                .isEqualTo("grey");
        assertThat(machine.kubectl("create --dry-run=server -f -", NEW.formatted("dry", 700))
                        .failed()
                        .output())
                .contains("denied the request: a widget of 700 does not fit");
        assertThat(kubectl("get widget dry").failed().output()).contains("NotFound");
        assertThat(kubectl("logs deploy/keeper").ok().output())
                .contains("admit CREATE dry v1 dryRun=true color=null", "admit CREATE dry v1 dryRun=true color=grey");
    }

    @Test
    @Order(4)
    void withoutTheOperatorFailuresNameItsWebhooks() throws Exception {
        kubectl("scale deployment keeper --replicas=0").ok();
        kubectl("wait --for=delete pod -l app=keeper --timeout=60s").ok();
        assertThat(create(NEW, "late", 6).failed().output())
                .startsWith("Error from server (InternalError): error when creating \"STDIN\": Internal error occurred:"
                        + " failed calling webhook \"colors.keeper.test.navarch.io\": failed to call webhook: Post"
                        + " \"https://keeper.operators.svc:443/mutate?timeout=5s\": ");
        assertThat(kubectl("get widgets.v1beta1.test.navarch.io new -o yaml")
                        .failed()
                        .output())
                .contains("conversion webhook for test.navarch.io/v1, Kind=Widget failed: Post"
                        + " \"https://keeper.operators.svc:443/convert?timeout=30s\": ");
        // What is stored is served without anybody.
        assertThat(field("widget old", ".spec.color")).isEqualTo("grey");
        for (var kind : new String[] {"mutating", "validating"})
            kubectl("patch " + kind + "webhookconfiguration keeper --type=json -p"
                            + " '[{\"op\":\"add\",\"path\":\"/webhooks/0/failurePolicy\",\"value\":\"Ignore\"}]'")
                    .ok();
        Machine.soon("the policy is followed", () -> create(NEW, "late", 6).code() == 0);
        assertThat(field("widget late", ".spec")).isEqualTo("{\"height\":4,\"width\":6}");
        kubectl("delete widget old --wait=false").ok();
        assertThat(field("widget old", ".metadata.finalizers")).contains("test.navarch.io/keeper");
        kubectl("scale deployment keeper --replicas=1").ok();
        kubectl("wait --for=condition=Ready widget/late --timeout=120s").ok();
        kubectl("wait --for=delete widget/old --timeout=30s").ok();
        assertThat(kubectl("get cm widget-old").failed().output()).contains("NotFound");
        kubectl("rollout status deployment/keeper --timeout=120s").ok();
        assertThat(field("widgets.v1beta1.test.navarch.io late", ".spec.size")).endsWith("\n6x4");
        kubectl("delete widgets --all --timeout=30s").ok();
    }
}
