package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodAdmissionTest {
    private static String rejection(AgentConfig.Hardening hardening, boolean appArmor, String spec) {
        return rejection(hardening, appArmor, spec, Set.of());
    }

    private static String rejection(
            AgentConfig.Hardening hardening, boolean appArmor, String spec, Set<Pressure> pressures) {
        var pod = Pod.of(View.of(Yaml.parse("{metadata: {name: p}, spec: {" + spec + "}}")));
        return new PodAdmission(hardening, appArmor)
                .rejection(pod, pressures)
                .map(rejection -> rejection.reason() + ": " + rejection.message())
                .orElse("");
    }

    private static String sysctl(String name, String more) {
        return rejection(
                new AgentConfig.Hardening(false, List.of("kernel.msg*", "net.core.somaxconn", "vm.*")),
                false,
                "securityContext: {sysctls: [{name: " + name + ", value: '1'}]}" + more);
    }

    @Test
    void aNodeThatIsShortOfSomethingTakesOnlyWhatTheSystemNeeds() {
        var shortage = Set.of(Pressure.DISK);
        assertThat(rejection(AgentConfig.Hardening.NONE, false, "priority: 1999999999", shortage))
                .isEqualTo("Evicted: The node had condition: [DiskPressure]. ");
        assertThat(rejection(AgentConfig.Hardening.NONE, false, "priority: 2000000000", shortage))
                .isEmpty();
    }

    @Test
    void onlySettingsThatAreThePodsOwnAreTaken() {
        assertThat(sysctl("net.ipv4.tcp_rmem", "")).isEmpty();
        assertThat(sysctl("net/ipv4/tcp_rmem", "")).isEmpty();
        assertThat(sysctl("kernel.msgmax", "")).isEmpty();
        assertThat(sysctl("net.core.somaxconn", "")).isEmpty();
        assertThat(sysctl("kernel.shmmax", ""))
                .isEqualTo("SysctlForbidden: forbidden sysctl: \"kernel.shmmax\" not allowlisted");
        assertThat(sysctl("kernel/core_pattern", ""))
                .isEqualTo("SysctlForbidden: forbidden sysctl: \"kernel.core_pattern\" not allowlisted");
        // Whatever the node's owner allows: nobody has one of his own.
        assertThat(sysctl("vm.overcommit_memory", "")).contains("not allowlisted");
    }

    @Test
    void aPodInTheNodesNamespaceDoesNotChooseForTheNode() {
        assertThat(sysctl("net.ipv4.tcp_rmem", ", hostNetwork: true"))
                .isEqualTo(
                        "SysctlForbidden: forbidden sysctl: \"net.ipv4.tcp_rmem\" not allowed with host net enabled");
        assertThat(sysctl("kernel.shm_rmid_forced", ", hostIPC: true"))
                .isEqualTo(
                        "SysctlForbidden: forbidden sysctl: \"kernel.shm_rmid_forced\" not allowed with host ipc enabled");
        assertThat(sysctl("kernel.shm_rmid_forced", ", hostNetwork: true")).isEmpty();
    }

    private static String plain(boolean appArmor, String spec) {
        return rejection(AgentConfig.Hardening.NONE, appArmor, spec);
    }

    @Test
    void whatConfinesAPodIsNotLeftOut() {
        var profile = "containers: [{name: c, securityContext: {appArmorProfile: {type: Localhost, localhostProfile: '"
                + "%s'}}}]";
        assertThat(plain(false, profile.formatted("k8s")))
                .isEqualTo("AppArmor: Cannot enforce AppArmor: AppArmor is not enabled on the host");
        assertThat(plain(true, profile.formatted("k8s"))).isEmpty();
        assertThat(plain(true, profile.formatted(" "))).startsWith("AppArmor: ");
        assertThat(plain(false, "securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: c}]"))
                .isEmpty();
        assertThat(plain(false, "securityContext: {supplementalGroupsPolicy: Strict}"))
                .isEqualTo("SupplementalGroupsPolicyNotSupported: SupplementalGroupsPolicy=Strict is not supported in"
                        + " this node");
        assertThat(plain(false, "os: {name: windows}")).startsWith("PodOSNotSupported: ");
    }
}
