package io.navarch.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What kubectl, new and old, and helm do with objects that are there already: apply, diff, edit, patch, replace,
/// prune.
class ApplyClientsTest {
    private static final String WEB = " -f src/test/resources/apply/web.yaml ";
    private static final String CHANGED = " -f src/test/resources/apply/web-changed.yaml ";
    private static ControlPlaneAlone plane;

    @BeforeAll
    static void start() throws Exception {
        plane = new ControlPlaneAlone();
    }

    @AfterAll
    static void stop() throws Exception {
        plane.close();
    }

    @AfterEach
    void clean() {
        plane.machine.kubectl("delete deploy,rs,cm,secret --all --wait=false");
    }

    /// `$k` is the kubectl under test.
    private static Machine.Result shell(String kubectl, String script) {
        return plane.machine.shell("k=" + kubectl + "; " + script);
    }

    private static String field(String path) {
        return plane.machine
                .kubectl("get deploy web -o jsonpath='{" + path + "}'")
                .ok()
                .output();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubectl", "kubectl-1.20"})
    void appliesThreeWay(String kubectl) {
        assertThat(shell(kubectl, "$k apply" + WEB).ok().output()).contains("created");
        assertThat(shell(kubectl, "$k apply" + WEB).ok().output()).contains("unchanged");
        var diff = shell(kubectl, "$k diff" + CHANGED);
        assertThat(diff.code()).isEqualTo(1);
        assertThat(diff.output())
                .contains("-  replicas: 2", "+  replicas: 3", "-        - name: B", "+      - image: nginx:2");
        shell(kubectl, "$k label deploy web by=hand").ok();
        shell(kubectl, "$k apply" + CHANGED).ok();
        assertThat(field(".spec.replicas} {.spec.template.spec.containers[*].image} {.metadata.labels.by"))
                .isEqualTo("3 nginx:1 nginx:2 hand");
        assertThat(field(".spec.template.spec.containers[0].env")).isEqualTo("[{\"name\":\"A\",\"value\":\"1\"}]");
        assertThat(shell(kubectl, "$k diff" + CHANGED).ok().output()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubectl", "kubectl-1.20"})
    void appliesOnTheServerAfterApplyingThere(String kubectl) {
        shell(kubectl, "$k apply" + WEB).ok();
        // What kubectl applied itself it may take over without force.
        assertThat(shell(kubectl, "$k apply --server-side" + CHANGED).ok().output())
                .contains("serverside-applied");
        var conflict = shell(kubectl, "$k apply --server-side --field-manager=other" + WEB)
                .failed();
        assertThat(conflict.output())
                .contains(
                        "conflicts with \"kubectl\":",
                        "- .spec.replicas",
                        "- .spec.template.spec.containers[name=\"b\"].image");
        shell(kubectl, "$k apply --server-side --field-manager=other --force-conflicts" + WEB)
                .ok();
        assertThat(field(".spec.replicas")).isEqualTo("2");
        assertThat(field(".metadata.managedFields[?(@.manager==\"other\")].operation"))
                .isEqualTo("Apply");
        assertThat(shell(kubectl, "$k apply --server-side" + CHANGED).failed().output())
                .contains("conflicts with \"other\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubectl", "kubectl-1.20"})
    void patchesEditsAndReplaces(String kubectl) {
        shell(kubectl, "$k apply" + WEB).ok();
        shell(
                        kubectl,
                        "$k patch deploy web -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"b\",\"image\":\"nginx:9\"}]}}}}'")
                .ok();
        shell(kubectl, "$k patch deploy web --type=merge -p '{\"spec\":{\"minReadySeconds\":1}}'")
                .ok();
        shell(
                        kubectl,
                        "$k patch deploy web --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":4}]'")
                .ok();
        assertThat(field(".spec.replicas} {.spec.minReadySeconds} {.spec.template.spec.containers[*].image"))
                .isEqualTo("4 1 nginx:1 nginx:9");
        assertThat(shell(
                                kubectl,
                                "$k patch deploy web --type=json -p '[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":9}]'")
                        .failed()
                        .output())
                .contains("The request is invalid");
        shell(kubectl, "EDITOR=\"sed -i s/replicas:.4/replicas:\\ 7/\" $k edit deploy web")
                .ok();
        assertThat(field(".spec.replicas")).isEqualTo("7");
        assertThat(shell(kubectl, "EDITOR=true $k edit deploy web").ok().output())
                .contains("no changes made");
        var stale = plane.data.resolve("stale.yaml");
        shell(kubectl, "$k get deploy web -o yaml > " + stale + "; $k label deploy web x=y")
                .ok();
        assertThat(shell(kubectl, "$k replace -f " + stale).failed().output())
                .contains(
                        "the object has been modified; please apply your changes to the latest version and try again");
        shell(kubectl, "$k replace --force" + WEB).ok();
        assertThat(field(".spec.replicas")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubectl", "kubectl-1.20"})
    void watchesWaitsAndDeletes(String kubectl) {
        shell(kubectl, "$k apply" + WEB).ok();
        var watched = shell(kubectl, """
                log=$(mktemp); $k get deploy web -w -o jsonpath='{.metadata.labels}{"\\n"}' > $log & w=$!
                trap 'kill $w; rm -f $log' EXIT
                until [ -s $log ]; do sleep 0.1; done
                $k label deploy web z=1 > /dev/null
                until grep -q z $log; do sleep 0.1; done; cat $log
                """);
        assertThat(watched.ok().output().lines()).hasSize(2);
        plane.machine
                .kubectl("wait --for=jsonpath='{.spec.replicas}'=2 deploy/web --timeout=10s")
                .ok();
        Machine.soon(
                "replica sets",
                () -> !plane.machine
                        .kubectl("get rs -l app=web -o name")
                        .output()
                        .isBlank());
        shell(kubectl, "$k delete deploy web --cascade=orphan").ok();
        assertThat(plane.machine.kubectl("get rs -l app=web -o name").ok().output())
                .startsWith("replicaset");
        shell(kubectl, "$k delete rs -l app=web --cascade=foreground").ok();
        assertThat(plane.machine.kubectl("get rs,pods -l app=web -o name").ok().output())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubectl allowlist", "kubectl-1.20 whitelist"})
    void prunes(String kubectl) {
        var words = kubectl.split(" ");
        var prune = " --prune -l set=x --prune-" + words[1] + "=core/v1/ConfigMap -f src/test/resources/apply/";
        shell(words[0], "$k apply" + prune + "set.yaml").ok();
        assertThat(shell(words[0], "$k apply" + prune + "set-smaller.yaml").ok().output())
                .contains("configmap/p2 pruned");
        assertThat(plane.machine.kubectl("get cm -l set=x -o name").ok().output())
                .isEqualTo("configmap/p1\n");
    }

    @Test
    void prunesByApplySets() {
        var apply =
                "export KUBECTL_APPLYSET=true; $k apply -n default --server-side --prune --applyset=mine -f src/test/resources/apply/";
        shell("kubectl", apply + "set.yaml").ok();
        assertThat(shell("kubectl", apply + "set-smaller.yaml").ok().output()).contains("configmap/p2 pruned");
        assertThat(plane.machine.kubectl("get secret mine -o yaml").ok().output())
                .contains("applyset.kubernetes.io/contains-group-kinds: ConfigMap");
    }

    @Test
    void eventsAreListed() {
        shell("kubectl", "$k apply" + WEB).ok();
        Machine.soon(
                "events of the deployment",
                () -> plane.machine.kubectl("events --for deploy/web").output().contains("ScalingReplicaSet"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--server-side=false"})
    void helmKeepsWhatOthersHaveAddedAndGoesBack(String mode) {
        var install = mode.isEmpty() ? "" : " --server-side=false";
        plane.machine
                .helm("install rel src/test/resources/plain-chart" + install)
                .ok();
        plane.machine
                .kubectl("patch cm rel --type=merge -p '{\"data\":{\"added\":\"by hand\"}}'")
                .ok();
        plane.machine
                .helm("upgrade rel src/test/resources/plain-chart --set text=bye " + mode)
                .ok();
        assertThat(plane.machine
                        .kubectl("get cm rel -o jsonpath='{.data}'")
                        .ok()
                        .output())
                .isEqualTo("{\"added\":\"by hand\",\"fixed\":\"1\",\"text\":\"bye\"}");
        plane.machine.helm("rollback rel 1").ok();
        assertThat(plane.machine
                        .kubectl("get cm rel -o jsonpath='{.data.text}'")
                        .ok()
                        .output())
                .isEqualTo("hello");
        plane.machine
                .kubectl("patch cm rel --type=merge -p '{\"data\":{\"fixed\":\"2\"}}'")
                .ok();
        var again = plane.machine.helm("upgrade rel src/test/resources/plain-chart --set text=more " + mode);
        if (mode.isEmpty())
            assertThat(again.failed().output()).contains("conflict").contains(".data.fixed");
        else again.ok();
        plane.machine.helm("uninstall rel").ok();
        assertThat(plane.machine.kubectl("get cm rel").failed().output()).contains("NotFound");
    }
}
