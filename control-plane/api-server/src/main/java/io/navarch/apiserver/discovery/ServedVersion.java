package io.navarch.apiserver.discovery;

import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindVersion;

/// A kind in one of its served versions.
record ServedVersion(KindDefinition kind, KindVersion version) {
    String apiVersion() {
        return kind.apiVersion(version.name());
    }

    /// The path below which it is served, without a slash before it.
    String root() {
        return kind.group().isEmpty() ? "api/" + version.name() : "apis/" + kind.group() + "/" + version.name();
    }
}
