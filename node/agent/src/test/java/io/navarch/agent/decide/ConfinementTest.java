package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.cri.ContainerConfig;
import io.navarch.cri.ContainerRuntime.ImageUser;
import io.navarch.cri.SandboxConfig;
import io.navarch.cri.SandboxConfig.Profile;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConfinementTest {
    private static final ImageUser ROOT = new ImageUser(OptionalLong.of(0), "");
    private static final ImageUser SILENT = new ImageUser(OptionalLong.empty(), "");
    private static final ImageUser NAMED = new ImageUser(OptionalLong.empty(), "app");
    private static final ImageUser OTHER = new ImageUser(OptionalLong.of(7), "");

    private static Pod pod(String shared, String own) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, namespace: ns, uid: u}, spec: {securityContext: {"
                + shared + "}, containers: [{name: c, securityContext: {" + own + "}}]}}")));
    }

    private static void check(String shared, String own, ImageUser image) {
        var pod = pod(shared, own);
        Confinement.requireNonRoot(pod, pod.spec().containers().getFirst(), () -> image);
    }

    private static void refused(String shared, String own, ImageUser image, String why) {
        assertThatThrownBy(() -> check(shared, own, image))
                .isInstanceOf(UnresolvedException.class)
                .hasMessage(why + " (pod: \"p_ns(u)\", container: c)");
    }

    @Test
    void whoMustNotBeRootIsNot() {
        var asRoot = "container has runAsNonRoot and image will run as root";
        refused("runAsNonRoot: true", "", ROOT, asRoot);
        refused("runAsNonRoot: true", "", SILENT, asRoot);
        refused("runAsNonRoot: false", "runAsNonRoot: true", ROOT, asRoot);
        refused("runAsNonRoot: true, runAsUser: 0", "", OTHER, "container's runAsUser breaks non-root policy");
        refused(
                "runAsUser: 5",
                "runAsNonRoot: true, runAsUser: 0",
                OTHER,
                "container's runAsUser breaks non-root policy");
        refused(
                "runAsNonRoot: true",
                "",
                NAMED,
                "container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root");
        refused(
                "runAsNonRoot: true",
                "",
                new ImageUser(OptionalLong.of(1L << 32), ""),
                "container has runAsNonRoot and image has an invalid user id (4294967296). (Must be 1-(2147483647)):"
                        + " must be between 0 and 2147483647, inclusive");
        assertThatCode(() -> {
                    check("runAsNonRoot: true", "", OTHER);
                    check("runAsNonRoot: true, runAsUser: 5", "", ROOT);
                    check("runAsNonRoot: true", "runAsNonRoot: false", ROOT);
                    check("", "", ROOT);
                })
                .doesNotThrowAnyException();
    }

    private static ContainerConfig.Security security(boolean seccompDefault, String shared, String own) {
        var pod = pod(shared, own);
        var namespaces = new SandboxConfig.Namespaces(
                SandboxConfig.Namespace.POD, SandboxConfig.Namespace.CONTAINER, SandboxConfig.Namespace.POD);
        return new Confinement(Path.of("/kubelet/seccomp"), seccompDefault)
                .security(pod, pod.spec().containers().getFirst(), namespaces);
    }

    private static Profile seccomp(boolean seccompDefault, String shared, String own) {
        return security(seccompDefault, shared, own).confinement().seccomp();
    }

    @Test
    void aSeccompProfileIsOneOfTheNodesOwn() {
        assertThat(seccomp(false, "", "")).isEqualTo(new Profile.Unconfined());
        assertThat(seccomp(true, "", "")).isEqualTo(new Profile.RuntimeDefault());
        assertThat(seccomp(true, "", "seccompProfile: {type: Unconfined}")).isEqualTo(new Profile.Unconfined());
        assertThat(seccomp(false, "seccompProfile: {type: Localhost, localhostProfile: a/b.json}", ""))
                .isEqualTo(new Profile.Localhost("/kubelet/seccomp/a/b.json"));
        for (var path : new String[] {"../x", "a/../../x", "/etc/passwd", ".", "a/.."})
            assertThatThrownBy(() ->
                            seccomp(false, "", "seccompProfile: {type: Localhost, localhostProfile: " + path + "}"))
                    .as(path)
                    .isInstanceOf(UnresolvedException.class);
        assertThatThrownBy(() -> seccomp(false, "", "seccompProfile: {type: Localhost}"))
                .hasMessage("localhostProfile must be set if seccompProfile type is Localhost.");
    }

    @Test
    void whatTellsOfTheNodeIsMasked() {
        assertThat(security(false, "", "").maskedPaths())
                .contains("/proc/interrupts", "/sys/devices/virtual/powercap", "/proc/kcore", "/sys/firmware");
        assertThat(security(false, "", "").readOnlyPaths()).contains("/proc/sys", "/proc/sysrq-trigger");
        assertThat(security(false, "", "procMount: Unmasked").maskedPaths()).isEmpty();
        assertThat(security(false, "", "privileged: true").maskedPaths()).isEmpty();
    }

    @Test
    void theContainersWordCountsBeforeThePods() {
        var security = security(
                false,
                "appArmorProfile: {type: RuntimeDefault}, seLinuxOptions: {level: 's0:c1'}",
                "allowPrivilegeEscalation: false, appArmorProfile: {type: Localhost, localhostProfile: mine}");
        assertThat(security.noNewPrivileges()).isTrue();
        assertThat(security.confinement().appArmor()).contains(new Profile.Localhost("mine"));
        assertThat(security.confinement().seLinux().level()).isEqualTo("s0:c1");
        assertThat(security(false, "", "").noNewPrivileges()).isFalse();
    }
}
