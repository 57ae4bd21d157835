package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.attachdetach.AttachDetachController;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.Metrics;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttachDetachControllerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static View yaml(String text) {
        return View.of(Yaml.parse(text));
    }

    /// A volume that no pod wants any more and that its node says it still has mounted.
    private static Decision mounted(String ready, String since, String taints) {
        var node = yaml("""
                metadata: {name: a}
                spec: {taints: [%s]}
                status:
                  volumesInUse: [kubernetes.io/csi/d^h of v]
                  volumesAttached: []
                  conditions: [{type: Ready, status: '%s', lastTransitionTime: '%s'}]
                """.formatted(taints, ready, since));
        var attachment = yaml(
                "{metadata: {name: csi-x, uid: u}, spec: {attacher: d, nodeName: a, source: {persistentVolumeName: v}}}");
        return new AttachDetachController()
                .decide(new AttachDetachController.Seen(node, Map.of(), List.of(attachment), Map.of(), List.of()), NOW);
    }

    private static String forced(Decision decision) {
        var metrics = new Metrics();
        for (var action : decision.actions())
            if (action instanceof Action.Delete delete) delete.event().done().forEach(metrics::tell);
        return metrics.text();
    }

    @Test
    void whatAWorkingNodeHasMountedIsLeftToIt() {
        assertThat(mounted("True", "2026-01-01T00:00:00Z", "")).isEqualTo(Decision.NOTHING);
    }

    @Test
    void aNodeThatIsNotHeardOfForSixMinutesLosesIt() {
        var waiting = mounted("Unknown", "2026-01-01T00:55:00Z", "");
        assertThat(waiting.actions()).isEmpty();
        assertThat(waiting.requeueAfter().orElse(null))
                .isEqualTo(Duration.ofSeconds(60).plusMillis(20));
        assertThat(forced(mounted("Unknown", "2026-01-01T00:54:00Z", "")))
                .contains("attachdetach_controller_forced_detaches{reason=\"timeout\"} 1\n");
    }

    @Test
    void aNodeOutOfServiceLosesItAtOnce() {
        assertThat(forced(mounted(
                        "Unknown",
                        "2026-01-01T00:59:59Z",
                        "{key: node.kubernetes.io/out-of-service, effect: NoExecute}")))
                .contains("attachdetach_controller_forced_detaches{reason=\"out-of-service\"} 1\n");
    }
}
