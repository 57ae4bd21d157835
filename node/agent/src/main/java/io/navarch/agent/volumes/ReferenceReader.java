package io.navarch.agent.volumes;

import io.navarch.agent.decide.References;
import io.navarch.client.Client;
import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.model.RuntimeClass;
import io.navarch.model.Secret;
import io.navarch.objects.ObjectKey;
import java.util.HashMap;

/// Reads ConfigMaps, Secrets and runtime classes that pods refer to, each time anew: what was read last may have
/// changed.
public record ReferenceReader(Client client) {
    public References read(String namespace, References.Names names) {
        if (names.configMaps().isEmpty() && names.secrets().isEmpty()) return References.NONE;
        var configMaps = new HashMap<String, ConfigMap>();
        for (var name : names.configMaps()) {
            var found = client.find(Resources.CONFIG_MAPS, new ObjectKey(namespace, name));
            if (found.exists()) configMaps.put(name, found);
        }
        var secrets = new HashMap<String, Secret>();
        for (var name : names.secrets()) {
            var found = client.find(Resources.SECRETS, new ObjectKey(namespace, name));
            if (found.exists()) secrets.put(name, found);
        }
        return new References(configMaps, secrets);
    }

    /// Absent when there is none.
    public RuntimeClass runtimeClass(String name) {
        return client.find(Resources.RUNTIME_CLASSES, new ObjectKey("", name));
    }
}
