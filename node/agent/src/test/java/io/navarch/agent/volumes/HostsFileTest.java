package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import org.junit.jupiter.api.Test;

class HostsFileTest {
    @Test
    void namesThePodAndItsAliases() {
        var pod = Pod.of(
                View.of(
                        Yaml.parse(
                                "{metadata: {name: p, namespace: ns}, spec: {subdomain: sub, hostAliases: [{ip: 1.2.3.4, hostnames: [one, two]}]}}")));
        assertThat(HostsFile.text(pod, "10.0.0.1", "cluster.local")).isEqualTo("""
                # Kubernetes-managed hosts file.
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                fe00::0\tip6-mcastprefix
                fe00::1\tip6-allnodes
                fe00::2\tip6-allrouters
                10.0.0.1\tp.sub.ns.svc.cluster.local\tp

                # Entries added by HostAliases.
                1.2.3.4\tone\ttwo
                """);
    }
}
