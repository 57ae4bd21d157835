package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.attachdetach.AttachDetachController;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.VolumeAttachment;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.Metrics;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        return decided(node, attachment, "h of v");
    }

    private static Decision decided(View node, View attachment, String handle) {
        var volume = PersistentVolume.builder()
                .metadata(metadata -> metadata.name("v"))
                .spec(spec -> spec.csi(csi -> csi.driver("d").volumeHandle(handle)))
                .build();
        return new AttachDetachController()
                .decide(
                        new AttachDetachController.Seen(
                                Node.of(node),
                                Map.of(),
                                List.of(VolumeAttachment.of(attachment)),
                                Map.of("v", volume),
                                Set.of(),
                                List.of()),
                        NOW);
    }

    private static String forced(Decision decision) {
        var metrics = new Metrics();
        for (var action : decision.actions())
            if (action instanceof Action.Delete delete) delete.event().done().forEach(metrics::record);
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

    /// The node reports volumes by their handles, which have nothing to do with the names of PersistentVolumes.
    @Test
    void aVolumeIsKnownByItsHandle() {
        var node = yaml("""
                metadata: {name: a}
                status:
                  volumesInUse: ["kubernetes.io/csi/d^vol-17"]
                  conditions: [{type: Ready, status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z'}]
                """);
        var attachment = yaml(
                "{metadata: {name: csi-x, uid: u}, spec: {attacher: d, nodeName: a, source: {persistentVolumeName: v}}}");
        assertThat(decided(node, attachment, "vol-17")).isEqualTo(Decision.NOTHING);
        // Not even when the name of the PersistentVolume is a part of another one's handle.
        assertThat(decided(node, attachment, "vol-1").actions())
                .hasSize(1)
                .first()
                .isInstanceOf(Action.Delete.class);
    }
}
