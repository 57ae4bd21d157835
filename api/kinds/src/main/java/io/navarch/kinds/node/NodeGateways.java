package io.navarch.kinds.node;

import io.navarch.model.ConfigMap;
import io.navarch.objects.ObjectKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Through which node's address the pods of a network are reached, as an object that nodes may read: they may not read
/// each other's Nodes.
///
/// @param byNetwork such as `10.244.1.0/24` to `192.0.2.8`
public record NodeGateways(Map<String, String> byNetwork) {
    public static final ObjectKey KEY = new ObjectKey("kube-system", "navarch-node-networks");
    private static final String DATA = "networks";

    /// So many nodes there can be in a cluster, and more.
    private static final int MOST = 16_384;

    public ConfigMap written() {
        return ConfigMap.builder()
                .metadata(metadata -> metadata.name(KEY.name()).namespace(KEY.namespace()))
                .putData(DATA, text())
                .build();
    }

    private String text() {
        return byNetwork.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /// What is written says; lines that say nothing are passed over, and none there is when nothing is written.
    public static NodeGateways read(ConfigMap written) {
        var result = new LinkedHashMap<String, String>();
        for (var line : written.data().getOrDefault(DATA, "").split("\n", MOST)) {
            var words = line.split(" ");
            if (words.length == 2) result.put(words[0], words[1]);
        }
        return new NodeGateways(result);
    }
}
