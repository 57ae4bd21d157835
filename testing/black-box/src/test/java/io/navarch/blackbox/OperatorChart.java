package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A helm chart of an operator, as such charts are: a definition in `crds`, a job that makes certificates before
/// anything else, one that tells the webhooks whom to trust, a first object afterwards, one that cleans up in the end,
/// and a test. Runs in the cluster of whoever extends it, which has the image.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OperatorChart {
    private static final String CHART = " keeper src/test/resources/keeper-chart -n charted --timeout 150s ";

    private final Machine machine;

    OperatorChart(Machine machine) {
        this.machine = machine;
    }

    /// Also when a test failed. What hooks have made, and definitions, are nobody's: helm leaves them.
    @AfterAll
    void away() {
        machine.shell("""
                helm uninstall keeper -n charted --no-hooks 2>/dev/null
                kubectl wait -n charted --for=delete pod --all --timeout=60s
                kubectl delete mutatingwebhookconfiguration,validatingwebhookconfiguration keeper
                for widget in $(kubectl get widgets -n charted -o name); do
                    kubectl patch -n charted $widget --type=merge -p '{"metadata":{"finalizers":null}}'
                done
                """);
        machine.kubectl("delete clusterrole,clusterrolebinding keeper-jobs --ignore-not-found")
                .ok();
        machine.kubectl("delete crd widgets.test.navarch.io --ignore-not-found --timeout=30s")
                .ok();
        machine.kubectl("delete namespace charted --timeout=60s").ok();
    }

    private Machine.Result kubectl(String line) {
        return machine.kubectl("-n charted " + line);
    }

    private String color() {
        return kubectl("get widget keeper-first -o jsonpath='{.spec.color}'")
                .ok()
                .output();
    }

    @Test
    void helmLeadsAnOperatorThroughItsLife() {
        assertThat(machine.helm("install" + CHART + "--create-namespace --wait")
                        .ok()
                        .output())
                .contains("STATUS: deployed");
        assertThat(color()).isEqualTo("grey");
        assertThat(kubectl("get jobs").ok().output()).contains("No resources found");
        assertThat(machine.helm("test keeper -n charted --logs --timeout 150s")
                        .ok()
                        .output())
                .contains("Phase:          Succeeded", "kept: its area is 6");

        assertThat(machine.helm("upgrade" + CHART + "--wait --set broken=true")
                        .failed()
                        .output())
                .contains("pre-upgrade hooks failed", "keeper-certificate");
        machine.helm("upgrade" + CHART + "--wait --set color=blue").ok();
        assertThat(color()).isEqualTo("blue");

        machine.helm("rollback keeper 1 -n charted --wait --timeout 150s").ok();
        assertThat(color()).isEqualTo("grey");
        assertThat(machine.helm("history keeper -n charted").ok().output())
                .contains("Install complete", "failed", "Upgrade complete", "Rollback to 1");

        machine.helm("uninstall keeper -n charted --wait --timeout 150s").ok();
        assertThat(kubectl("get widgets,deployments,services,configmaps -l '!nothing'")
                        .ok()
                        .output())
                .doesNotContain("keeper");
        assertThat(machine.kubectl("get mutatingwebhookconfigurations,validatingwebhookconfigurations")
                        .ok()
                        .output())
                .doesNotContain("keeper");
        assertThat(machine.kubectl("get crd widgets.test.navarch.io").ok().output())
                .contains("widgets");
    }
}
