package io.navarch.encryption;

import java.util.Map;
import java.util.TreeMap;

/// Which resource's objects are stored under which keys.
public final class KeyLayout {
    static final String ROOT = "/registry/";

    /// @param group `""` for the core group
    public record Resource(String group, String name) {
        /// As the configuration names it.
        static Resource parse(String text) {
            int dot = text.indexOf('.');
            return dot < 0 ? new Resource("", text) : new Resource(text.substring(dot + 1), text.substring(0, dot));
        }

        @Override
        public String toString() {
            return group.isEmpty() ? name : name + "." + group;
        }
    }

    private final TreeMap<String, Resource> prefixes;

    /// @param builtIn the resource of each prefix; others, which are custom, are stored under their group and name
    public KeyLayout(Map<String, Resource> builtIn) {
        prefixes = new TreeMap<>(builtIn);
    }

    Resource resource(String key) {
        var known = prefixes.floorEntry(key);
        if (known != null && key.startsWith(known.getKey())) return known.getValue();
        var parts = key.split("/", 5);
        return parts.length < 5 ? new Resource("", "") : new Resource(parts[2], parts[3]);
    }

    String prefix(Resource resource) {
        return prefixes.entrySet().stream()
                .filter(entry -> entry.getValue().equals(resource))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(ROOT + resource.group + "/" + resource.name + "/");
    }
}
