package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the API says who signs the cluster's certificates: for extension API servers, and for nodes that join. The
/// controllers that copy it elsewhere are woken by the first.
public final class PublishedAuthority {
    private static final ObjectKey EXTENSIONS = new ObjectKey("kube-system", "extension-apiserver-authentication");
    private static final ObjectKey CLUSTER_INFO = new ObjectKey("kube-public", "cluster-info");
    private static final String CLIENT_CA = "client-ca-file";
    private static final String KUBECONFIG = "kubeconfig";

    private final Client client;

    public PublishedAuthority(Client client) {
        this.client = client;
    }

    /// @param authority PEM text
    /// @param proxy what extension API servers are told of a proxy that says in headers who calls
    public void update(String authority, Map<String, String> proxy) {
        var data = new LinkedHashMap<>(proxy);
        data.put(CLIENT_CA, authority);
        extensions(data);
        clusterInfo(authority);
    }

    private void extensions(Map<String, String> data) {
        var known = client.find(Resources.CONFIG_MAPS, EXTENSIONS);
        if (known.data().entrySet().containsAll(data.entrySet())) return;
        if (known.exists()) {
            change(EXTENSIONS, data);
            return;
        }
        try {
            client.create(
                    Resources.CONFIG_MAPS,
                    ConfigMap.builder()
                            .metadata(
                                    metadata -> metadata.name(EXTENSIONS.name()).namespace(EXTENSIONS.namespace()))
                            .data(data)
                            .build());
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.ALREADY_EXISTS) throw e;
        }
    }

    /// Only if it is there: a cluster of one machine needs none.
    @SuppressWarnings("unchecked")
    private void clusterInfo(String authority) {
        var text = client.find(Resources.CONFIG_MAPS, CLUSTER_INFO).data().get(KUBECONFIG);
        if (text == null || !(Yaml.parse(text) instanceof Map<?, ?> map)) return;
        var config = (Map<String, Object>) map;
        var encoded = Base64.getEncoder().encodeToString(authority.getBytes(StandardCharsets.UTF_8));
        boolean same = true;
        for (var entry : View.of(config).get("clusters").list()) {
            var cluster = (Map<String, Object>) entry;
            same &= encoded.equals(View.of(cluster)
                    .get("cluster", "certificate-authority-data")
                    .string());
            Trees.put(cluster, encoded, "cluster", "certificate-authority-data");
        }
        if (!same) change(CLUSTER_INFO, Map.of(KUBECONFIG, Yaml.write(config)));
    }

    private void change(ObjectKey key, Map<String, String> data) {
        client.mergePatch(
                Resources.CONFIG_MAPS, key, "", ConfigMap.builder().data(data).map());
    }
}
