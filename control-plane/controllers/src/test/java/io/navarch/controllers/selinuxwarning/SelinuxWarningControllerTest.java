package io.navarch.controllers.selinuxwarning;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Action;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelinuxWarningControllerTest {
    private static Pod pod(String name, String level) {
        return Pod.of(View.of(Yaml.parse("""
                metadata: {name: %s, namespace: ns}
                spec:
                  securityContext: {seLinuxOptions: {level: "%s"}}
                  volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]
                  containers: [{name: a, volumeMounts: [{name: v, mountPath: /v}]}]
                """.formatted(name, level))));
    }

    private static List<String> messages(Pod... pods) {
        return new SelinuxWarningController()
                .decide(new SelinuxWarningController.Seen("c", List.of(pods)), Instant.EPOCH).actions().stream()
                        .map(action -> ((Action.RecordEvent) action).reason().message())
                        .toList();
    }

    @Test
    void bothPodsAreToldOfTheOther() {
        assertThat(messages(pod("a", "s0:c1,c2"), pod("b", "s0:c98,c99")))
                .containsExactly(
                        "SELinuxLabel \":::s0:c1,c2\" conflicts with pod b that uses the same volume as this pod with SELinuxLabel \":::s0:c98,c99\". If both pods land on the same node, only one of them may access the volume.",
                        "SELinuxLabel \":::s0:c98,c99\" conflicts with pod a that uses the same volume as this pod with SELinuxLabel \":::s0:c1,c2\". If both pods land on the same node, only one of them may access the volume.");
    }

    @Test
    void podsOfOneLabelGetOn() {
        assertThat(messages(pod("a", "s0:c1"), pod("b", "s0:c1"))).isEmpty();
    }
}
