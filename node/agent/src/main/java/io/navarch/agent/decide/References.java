package io.navarch.agent.decide;

import io.navarch.model.ConfigMap;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.Secret;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The ConfigMaps and Secrets that a pod refers to and that exist, by name.
public record References(Map<String, ConfigMap> configMaps, Map<String, Secret> secrets) {
    public static final References NONE = new References(Map.of(), Map.of());

    /// @param configMaps names
    /// @param secrets names
    public record Names(Set<String> configMaps, Set<String> secrets) {
        private Names() {
            this(new HashSet<>(), new HashSet<>());
        }
    }

    /// Absent when there is none.
    public ConfigMap configMap(String name) {
        return configMaps.getOrDefault(name, ConfigMap.ABSENT);
    }

    /// Absent when there is none.
    public Secret secret(String name) {
        return secrets.getOrDefault(name, Secret.ABSENT);
    }

    public static Names ofVolumes(Pod pod) {
        var names = new Names();
        for (var volume : pod.spec().volumes()) {
            if (volume.hasConfigMap()) names.configMaps.add(volume.configMap().name());
            if (volume.hasSecret()) names.secrets.add(volume.secret().secretName());
            for (var source : volume.projected().sources()) {
                if (source.hasConfigMap())
                    names.configMaps.add(source.configMap().name());
                if (source.hasSecret()) names.secrets.add(source.secret().name());
            }
        }
        return names;
    }

    public static Names ofPullSecrets(Pod pod) {
        var names = new Names();
        for (var reference : pod.spec().imagePullSecrets()) names.secrets.add(reference.name());
        return names;
    }

    public static Names ofEnvironment(Container container) {
        var names = new Names();
        for (var source : container.envFrom()) {
            if (source.hasConfigMapRef())
                names.configMaps.add(source.configMapRef().name());
            if (source.hasSecretRef()) names.secrets.add(source.secretRef().name());
        }
        for (var variable : container.env()) {
            var from = variable.valueFrom();
            if (from.hasConfigMapKeyRef())
                names.configMaps.add(from.configMapKeyRef().name());
            if (from.hasSecretKeyRef()) names.secrets.add(from.secretKeyRef().name());
        }
        return names;
    }
}
