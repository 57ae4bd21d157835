package io.navarch.kinds.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.PodTemplateSpec;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecurityChecksTest {
    private static final String RESTRICTED = "securityContext: {allowPrivilegeEscalation: false, "
            + "capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}";

    private static List<String> violations(String level, int minor, String spec) {
        var pod = PodTemplateSpec.of(View.of(Yaml.parse("{spec: {" + spec + "}}")));
        return SecurityChecks.evaluate(new Level(level, minor), pod).stream()
                .map(violation -> violation.reason() + ": " + violation.detail())
                .toList();
    }

    @Test
    void aProbeDoesNotMakeTheNodeCallSomebodyElse() {
        var spec = "initContainers: [{name: i, startupProbe: {tcpSocket: {host: 127.0.0.1, port: 1}}}],"
                + " containers: [{name: c, livenessProbe: {httpGet: {host: 169.254.169.254, port: 80}},"
                + " lifecycle: {preStop: {httpGet: {host: 127.0.0.1, port: 1}}}}, {name: d}]";
        assertThat(violations("baseline", 36, spec))
                .containsExactly("probe or lifecycle host: containers \"c\", \"i\" use probe or lifecycle hosts"
                        + " \"127.0.0.1\", \"169.254.169.254\"");
        assertThat(violations("baseline", 33, spec)).isEmpty();
        assertThat(violations(
                        "restricted",
                        34,
                        "securityContext: {runAsNonRoot: true}, containers: [{name: c, readinessProbe: {httpGet: {host: h}},"
                                + RESTRICTED + "}}]"))
                .containsExactly("probe or lifecycle host: container \"c\" uses probe or lifecycle host \"h\"");
    }

    @Test
    void aPodWithUsersOfItsOwnMayBeRootInIt() {
        var spec = "securityContext: {runAsUser: 0}, containers: [{name: c, " + RESTRICTED + ", runAsNonRoot: false}}]";
        var expected = List.of(
                "runAsNonRoot != true: container \"c\" must not set securityContext.runAsNonRoot=false",
                "runAsUser=0: pod must not set runAsUser=0");
        assertThat(violations("restricted", 36, "hostUsers: false, " + spec)).isEmpty();
        assertThat(violations("restricted", 36, "hostUsers: true, " + spec)).isEqualTo(expected);
        assertThat(violations("restricted", 34, "hostUsers: false, " + spec)).isEqualTo(expected);
    }

    @Test
    void anUnmaskedProcIsForPodsWithUsersOfTheirOwnAndNeverForTheStrictest() {
        var spec = "containers: [{name: c, " + RESTRICTED + ", runAsNonRoot: true, procMount: Unmasked}}]";
        var expected = "procMount: container \"c\" must not set securityContext.procMount to \"Unmasked\"";
        assertThat(violations("baseline", 36, "hostUsers: false, " + spec)).isEmpty();
        assertThat(violations("baseline", 36, spec)).containsExactly(expected);
        assertThat(violations("baseline", 34, "hostUsers: false, " + spec)).containsExactly(expected);
        assertThat(violations("restricted", 36, "hostUsers: false, " + spec)).containsExactly(expected);
    }

    @Test
    void whoeverSetsWhatMustNotBeIsToldTogetherAndInOrder() {
        var spec = "hostNetwork: true, securityContext: {runAsNonRoot: false, seccompProfile: {type: Unconfined},"
                + " appArmorProfile: {type: Unconfined}, seLinuxOptions: {type: container_engine_t}},"
                + " containers: [{name: a, ports: [{hostPort: 9}, {hostPort: 80}], securityContext: {runAsNonRoot:"
                + " false, seccompProfile: {type: Unconfined}}}]";
        assertThat(violations("restricted", 30, spec))
                .containsExactly(
                        "forbidden AppArmor profile: pod must not set AppArmor profile type to \"Unconfined\"",
                        "host namespaces: hostNetwork=true",
                        "hostPort: container \"a\" uses hostPorts 80, 9",
                        "seLinuxOptions: pod set forbidden securityContext.seLinuxOptions: type"
                                + " \"container_engine_t\"",
                        "allowPrivilegeEscalation != false: container \"a\" must set"
                                + " securityContext.allowPrivilegeEscalation=false",
                        "unrestricted capabilities: container \"a\" must set securityContext.capabilities.drop=[\"ALL\"]",
                        "runAsNonRoot != true: pod and container \"a\" must not set securityContext.runAsNonRoot=false",
                        "seccompProfile: pod and container \"a\" must not set securityContext.seccompProfile.type to"
                                + " \"Unconfined\"");
    }
}
