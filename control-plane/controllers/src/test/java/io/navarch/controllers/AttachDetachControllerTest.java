package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.attachdetach.AttachDetachController;
import io.navarch.model.AccessMode;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.Pod;
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
                                Map.of(),
                                List.of(VolumeAttachment.of(attachment)),
                                Map.of("v", volume),
                                Map.of()),
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

    private static PersistentVolume volume() {
        return PersistentVolume.builder()
                .metadata(metadata -> metadata.name("v"))
                .spec(spec -> spec.csi(csi -> csi.driver("d").volumeHandle("h"))
                        .accessModes(List.of(AccessMode.READ_WRITE_ONCE)))
                .build();
    }

    private static Pod pod(String name) {
        return Pod.of(yaml("{metadata: {name: " + name + ", namespace: ns, uid: " + name + "}}"));
    }

    /// A volume that the node's pod wants.
    private static Decision wanted(String node, List<VolumeAttachment> attachments, Map<String, List<Pod>> elsewhere) {
        var volumes = Map.of("v", volume());
        return new AttachDetachController()
                .decide(
                        new AttachDetachController.Seen(
                                Node.of(yaml(node)),
                                volumes,
                                Map.of("v", List.of(pod("mine"))),
                                attachments,
                                volumes,
                                elsewhere),
                        NOW);
    }

    private static VolumeAttachment attachment(String status) {
        return VolumeAttachment.of(yaml("{metadata: {name: csi-x, uid: u}, spec: {attacher: d, nodeName: a, source:"
                + " {persistentVolumeName: v}}, status: " + status + "}"));
    }

    private static List<String> events(Decision decision) {
        return decision.events().stream()
                .map(event -> event.reason().reason() + ": " + event.reason().message())
                .toList();
    }

    @Test
    void aVolumeThatIsAttachedIsToldOnceToItsPodsAndTheNode() {
        var first = wanted("{metadata: {name: a}}", List.of(attachment("{attached: true}")), Map.of());
        assertThat(events(first))
                .containsExactly("SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume \"v\" ");
        assertThat(first.changes()).hasSize(1).first().isInstanceOf(Action.Patch.class);
        var later = wanted(
                "{metadata: {name: a}, status: {volumesAttached: [{name: kubernetes.io/csi/d^h, devicePath: ''}]}}",
                List.of(attachment("{attached: true}")),
                Map.of());
        assertThat(later).isEqualTo(Decision.NOTHING);
    }

    @Test
    void whyAVolumeIsNotAttachedIsTold() {
        var decision = wanted(
                "{metadata: {name: a}}",
                List.of(attachment(
                        "{attached: false, attachError: {message: 'rpc error: code = Internal desc = no'}}")),
                Map.of());
        assertThat(events(decision))
                .containsExactly("FailedAttachVolume: AttachVolume.Attach failed for volume \"v\" : rpc error: code ="
                        + " Internal desc = no");
    }

    @Test
    void aVolumeOfOneNodeIsNotAttachedToASecond() {
        assertThat(events(wanted("{metadata: {name: a}}", List.of(), Map.of("v", List.of()))))
                .containsExactly("FailedAttachVolume: Multi-Attach error for volume \"v\" Volume is already exclusively"
                        + " attached to one node and can't be attached to another");
        var used = wanted("{metadata: {name: a}}", List.of(), Map.of("v", List.of(pod("q"), pod("p"))));
        assertThat(used.changes()).isEmpty();
        assertThat(events(used))
                .containsExactly("FailedAttachVolume: Multi-Attach error for volume \"v\" Volume is already used by"
                        + " pod(s) p, q");
    }

    @Test
    void theNodeHearsOfADetachmentBeforeItHappens() {
        var reported = decided(
                yaml("{metadata: {name: a}, status: {volumesAttached: [{name: 'kubernetes.io/csi/d^h', devicePath:"
                        + " ''}]}}"),
                yaml("{metadata: {name: csi-x, uid: u}, spec: {attacher: d, nodeName: a, source:"
                        + " {persistentVolumeName: v}}, status: {attached: true}}"),
                "h");
        assertThat(reported.actions()).hasSize(1).first().isInstanceOf(Action.Patch.class);
        var free = decided(
                yaml("{metadata: {name: a}}"),
                yaml("{metadata: {name: csi-x, uid: u}, spec: {attacher: d, nodeName: a, source:"
                        + " {persistentVolumeName: v}}, status: {attached: true}}"),
                "h");
        assertThat(free.actions()).hasSize(1).first().isInstanceOf(Action.Delete.class);
    }
}
