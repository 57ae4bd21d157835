package io.navarch.bootstrap;

import io.navarch.client.Client;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the API says who signs the certificates of its clients, for extension API servers. The controllers that copy
/// the authorities elsewhere are woken by it.
public final class PublishedAuthority {
    private static final ObjectKey EXTENSIONS = new ObjectKey("kube-system", "extension-apiserver-authentication");
    private static final String CLIENT_CA = "client-ca-file";

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
    }

    private void extensions(Map<String, String> data) {
        var known = client.find(Resources.CONFIG_MAPS, EXTENSIONS);
        if (known.data().entrySet().containsAll(data.entrySet())) return;
        if (known.exists()) {
            change(data);
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

    private void change(Map<String, String> data) {
        client.mergePatch(
                Resources.CONFIG_MAPS,
                EXTENSIONS,
                "",
                ConfigMap.builder().data(data).map());
    }
}
