package io.navarch.kinds.podsecurity;

import java.util.List;
import java.util.Map;

/// A level and the Kubernetes version whose meaning of it counts.
record Level(String name, int minor) {
    static final List<String> NAMES = List.of("privileged", "baseline", "restricted");
    private static final int LATEST = Integer.MAX_VALUE;

    /// The level that a namespace's labels give; what is wrong counts as the strictest.
    static Level of(Map<String, String> labels, String key) {
        var name = labels.getOrDefault(key, "privileged");
        var version = labels.getOrDefault(key + "-version", "latest");
        int minor = version.matches("v1\\.[0-9]{1,5}") ? Integer.parseInt(version.substring(3)) : LATEST;
        return new Level(NAMES.contains(name) ? name : "restricted", minor);
    }

    int rank() {
        return NAMES.indexOf(name);
    }

    boolean atLeast(int wanted) {
        return minor >= wanted;
    }

    @Override
    public String toString() {
        return name + ":" + (minor == LATEST ? "latest" : "v1." + minor);
    }
}
