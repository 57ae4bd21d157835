package io.navarch.apiserver.discovery;

import io.navarch.schema.KindDefinition;

/// A kind in one of its served versions.
record ServedVersion(KindDefinition kind, KindDefinition.Version version) {
    String apiVersion() {
        return kind.apiVersion(version.name());
    }
}
