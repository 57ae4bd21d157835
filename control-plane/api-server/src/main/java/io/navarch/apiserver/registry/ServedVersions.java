package io.navarch.apiserver.registry;

import io.navarch.model.AnyObject;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindVersion;
import io.navarch.schema.ownership.ManagedFields;
import io.navarch.schema.types.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The versions under which the objects of one storage prefix are served, of whatever group.
public final class ServedVersions implements ManagedFields.Versions {
    private final Map<String, KindVersion> versions = new LinkedHashMap<>();
    private final Map<String, KindDefinition> kinds = new LinkedHashMap<>();
    private final boolean custom;

    /// @param sharing the definitions with the same storage prefix
    ServedVersions(List<KindDefinition> sharing) {
        custom = sharing.getFirst().custom();
        for (var kind : sharing) {
            for (var version : kind.versions()) {
                versions.put(kind.apiVersion(version.name()), version);
                kinds.put(kind.apiVersion(version.name()), kind);
            }
        }
    }

    @Override
    public Schema schema(String apiVersion) {
        var version = versions.get(apiVersion);
        return version == null ? Schema.NONE : version.schema();
    }

    @Override
    public boolean custom() {
        return custom;
    }

    @Override
    public Map<String, Object> convert(Map<String, Object> object, String from, String to) {
        if (from.equals(to)) return object;
        var result = asked(object, to)
                .orElseGet(() -> known(versions, to)
                        .fromStorage()
                        .apply(known(versions, from).toStorage().apply(object)));
        result.put(AnyObject.API_VERSION, to);
        result.put(AnyObject.KIND, known(kinds, to).kind());
        return result;
    }

    private Optional<Map<String, Object>> asked(Map<String, Object> object, String to) {
        return known(kinds, to)
                .converter()
                .map(converter ->
                        converter.convert(List.of(object), to, Asking.LONGEST).getFirst());
    }

    private static <T> T known(Map<String, T> byVersion, String apiVersion) {
        return Objects.requireNonNull(byVersion.get(apiVersion), apiVersion);
    }
}
