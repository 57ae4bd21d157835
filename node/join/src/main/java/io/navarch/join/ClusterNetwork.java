package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;

/// What a cluster tells those who take part in its network. What is said ends up in rules and files of a machine, so
/// that it must be what it should be.
///
/// @param podCidr the network of all nodes' pods
/// @param dnsAddress of the Service that pods ask for names
public record ClusterNetwork(String podCidr, String serviceCidr, String dnsAddress, String domain) {
    static final String NETWORK = "[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}";
    static final String ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";
    static final String DOMAIN = "[a-z0-9]([-a-z0-9.]{0,200}[a-z0-9])?";

    /// @param client of somebody who may read what nodes read
    public static ClusterNetwork of(Client client) throws IOException {
        return read(
                client.get(Resources.CONFIG_MAPS, new ObjectKey("kube-system", "kubelet-config")),
                client.get(Resources.CONFIG_MAPS, new ObjectKey("kube-system", "kubeadm-config")));
    }

    static ClusterNetwork read(ConfigMap settings, ConfigMap cluster) throws IOException {
        var kubelet = View.of(Yaml.parse(settings.data().getOrDefault("kubelet", "")));
        var dns =
                kubelet.get("clusterDNS").stream().findFirst().map(View::string).orElse("");
        var domain = kubelet.get("clusterDomain").string();
        var networking = View.of(Yaml.parse(cluster.data().getOrDefault("ClusterConfiguration", "")))
                .get("networking");
        var pods = networking.get("podSubnet").string();
        var services = networking.get("serviceSubnet").string();
        if (!pods.matches(NETWORK) || !services.matches(NETWORK) || !dns.matches(ADDRESS) || !domain.matches(DOMAIN))
            throw new IOException("the cluster's settings for nodes cannot be used: pods in " + pods + ", services in "
                    + services + ", DNS " + dns + ", domain " + domain);
        return new ClusterNetwork(pods, services, dns, domain);
    }
}
