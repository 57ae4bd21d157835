package io.navarch.schema;

import java.util.Map;

/// A kind that is served as `v1` alone.
record OneVersion(Schema schema) implements ManagedFields.Versions {
    @Override
    public Schema schema(String apiVersion) {
        return apiVersion.equals("v1") ? schema : null;
    }

    @Override
    public boolean custom() {
        return false;
    }

    @Override
    public Map<String, Object> convert(Map<String, Object> object, String from, String to) {
        return object;
    }
}
