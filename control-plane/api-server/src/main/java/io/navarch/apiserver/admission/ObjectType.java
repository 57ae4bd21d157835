package io.navarch.apiserver.admission;

/// A kind in one version.
public record ObjectType(String group, String version, String kind) {
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
