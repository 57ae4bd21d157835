package io.navarch.kinds.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Pod;
import io.navarch.model.PodTemplateSpec;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodWarningsTest {
    private static Pod pod(String name, String spec) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: " + name + "}, spec: {" + spec + "}}")));
    }

    private static List<String> of(String spec) {
        return PodWarnings.ofPod(pod("p", spec), Pod.ABSENT);
    }

    @Test
    void aVariableMayBeExtendedButNotHidden() {
        assertThat(of("containers: [{env: [{name: A, value: a}, {name: A, value: $(A)b}]}]"))
                .isEmpty();
        assertThat(of("containers: [{env: [{name: A, value: a}, {name: A, value: b}, {name: A, value: $(A)}]}]"))
                .containsExactly(
                        "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply",
                        "spec.containers[0].env[2]: hides previous definition of \"A\", which may be dropped when using apply");
        assertThat(of("initContainers: [{env: [{name: A}, {name: A, valueFrom: {fieldRef: {fieldPath: a}}}]}]"))
                .singleElement()
                .asString()
                .startsWith("spec.initContainers[0].env[1]: hides");
    }

    @Test
    void portsThatMeet() {
        var ports = "initContainers: [{ports: [{name: web, containerPort: 80, protocol: TCP}]}], containers: [{ports: ["
                + "{name: web, containerPort: 80, protocol: TCP}, {containerPort: 80, protocol: UDP}, {containerPort: 80, protocol: TCP, hostPort: 8080},"
                + "{containerPort: 80, protocol: TCP, hostPort: 8080, hostIP: 127.0.0.1}, {containerPort: 81, protocol: TCP, hostIP: 127.0.0.1}]}]";
        assertThat(of(ports))
                .containsExactly(
                        "spec.containers[0].ports[0]: duplicate port definition with spec.initContainers[0].ports[0]",
                        "spec.containers[0].ports[2]: overlapping port definition with spec.initContainers[0].ports[0]",
                        "spec.containers[0].ports[2]: overlapping port definition with spec.containers[0].ports[0]",
                        "spec.containers[0].ports[3]: overlapping port definition with spec.initContainers[0].ports[0]",
                        "spec.containers[0].ports[3]: overlapping port definition with spec.containers[0].ports[0]",
                        "spec.containers[0].ports[3]: dangerously ambiguous port definition with spec.containers[0].ports[2]",
                        "spec.containers[0].ports[4]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:81 Protocol:TCP HostIP:127.0.0.1}",
                        "spec.containers[0].ports[0]: duplicate port name \"web\" with spec.initContainers[0].ports[0], services and probes that select ports by name will use spec.initContainers[0].ports[0]");
    }

    @Test
    void whatIsOldOrRepeatedOrSelectsNothing() {
        assertThat(
                        of(
                                "nodeSelector: {beta.kubernetes.io/os: linux}, imagePullSecrets: [{name: a}, {name: a}], hostAliases: [{ip: 1.2.3.4}, {ip: 1.2.3.4}],"
                                        + "volumes: [{name: v, gitRepo: {repository: r}}], terminationGracePeriodSeconds: -1,"
                                        + "topologySpreadConstraints: [{topologyKey: k}], containers: [{resources: {limits: {memory: 100m}}}],"
                                        + "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: k}]}}"))
                .containsExactly(
                        "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead",
                        "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod",
                        "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
                        "spec.hostAliases[1].ip: duplicate ip \"1.2.3.4\"",
                        "spec.imagePullSecrets[1].name: duplicate name \"a\"",
                        "spec.containers[0].resources.limits[memory]: fractional byte value \"100m\" is invalid, must be an integer",
                        "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
                        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: a null labelSelector results in matching no pod");
    }

    @Test
    void filesThatWouldLieAtOnePath() {
        assertThat(
                        of(
                                "volumes: [{name: v, configMap: {name: m, items: [{key: a, path: x}, {key: b, path: x/y}, {key: c, path: xy}]}},"
                                        + "{name: p, projected: {sources: [{secret: {name: s, items: [{key: a, path: t}]}}, {serviceAccountToken: {path: t/}}]}}]"))
                .containsExactly(
                        "volume \"v\" (ConfigMap \"m\"): overlapping paths: \"x/y\" with \"x\"",
                        "volume \"p\" (Projected): overlapping paths: \"t\" (ServiceAccountToken) with \"t\" (Secret \"s\")");
    }

    @Test
    void namesThatAreNoHostnames() {
        assertThat(PodWarnings.ofPod(pod("a.b", ""), Pod.ABSENT))
                .singleElement()
                .asString()
                .startsWith(
                        "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [");
        assertThat(PodWarnings.ofPod(pod("a.b", ""), pod("a.b", ""))).isEmpty();
    }

    @Test
    void templatesKnowAlsoTheAnnotationsOfAppArmor() {
        var yaml =
                "{metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/c: PROFILE}}, spec: {securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: c}]}}";
        assertThat(template(yaml.replace("PROFILE", "unconfined"))).isEmpty();
        assertThat(template(yaml.replace("PROFILE", "runtime/default")))
                .containsExactly(
                        "spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the \"appArmorProfile\" field instead");
    }

    private static List<String> template(String yaml) {
        return PodWarnings.ofTemplate(PodTemplateSpec.of(View.of(Yaml.parse(yaml))), "spec.template");
    }
}
