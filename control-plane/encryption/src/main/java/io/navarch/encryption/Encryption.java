package io.navarch.encryption;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How the objects of each resource are written.
public final class Encryption implements AutoCloseable {
    /// @param resources `secrets`, `deployments.apps`, `*.apps`, `*.` (the core group) or `*.*`
    record Rule(List<String> resources, List<ValueCipher> ciphers) {}

    private final Map<String, Providers> providers;
    private final List<KmsCipher> kms;
    private final List<KeyService> services;

    /// Ciphers of a resource that several rules name are tried in the order of the rules.
    ///
    /// @param kms those of the ciphers that have a service
    /// @param services connections that are closed with this
    Encryption(List<Rule> rules, List<KmsCipher> kms, List<KeyService> services) {
        this.kms = List.copyOf(kms);
        this.services = List.copyOf(services);
        var collected = new LinkedHashMap<String, List<ValueCipher>>();
        for (var rule : rules)
            for (var resource : rule.resources)
                collected.computeIfAbsent(resource, name -> new ArrayList<>()).addAll(rule.ciphers);
        var all = new LinkedHashMap<String, Providers>();
        collected.forEach((resource, ciphers) -> all.put(resource, new Providers(List.copyOf(ciphers))));
        providers = Map.copyOf(all);
    }

    /// @param group `""` for the core group
    Providers of(String group, String resource) {
        var exact = providers.get(group.isEmpty() ? resource : resource + "." + group);
        if (exact != null) return exact;
        var ofGroup = providers.get("*." + group);
        if (ofGroup != null) return ofGroup;
        return providers.getOrDefault("*.*", Providers.PLAIN);
    }

    /// The resources that are named.
    Set<String> resources() {
        return providers.keySet();
    }

    /// Asks the key services how they are.
    ///
    /// @throws UnreadableValueException when one is not well
    void check() {
        kms.forEach(KmsCipher::check);
    }

    @Override
    public void close() {
        services.forEach(KeyService::close);
    }
}
