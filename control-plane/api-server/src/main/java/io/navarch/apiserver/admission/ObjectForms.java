package io.navarch.apiserver.admission;

import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.FieldValidation;
import io.navarch.model.AnyObject;
import io.navarch.objects.Trees;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindVersion;
import io.navarch.schema.ownership.Overlay;
import io.navarch.schema.walk.CustomForm;
import java.util.List;
import java.util.Map;

/// The forms of whole objects. Those of built-in kinds are given and taken in the stored version, custom resources in
/// that which was called.
public record ObjectForms(Resources resources, Endpoint endpoint) implements Forms {
    @Override
    public ServedResource asked() {
        return served(endpoint.kind(), endpoint.version());
    }

    private static ServedResource served(KindDefinition kind, KindVersion version) {
        return new ServedResource(
                kind.group(), version.name(), kind.plural(), new ObjectType(kind.group(), version.name(), kind.kind()));
    }

    @Override
    public List<ServedResource> equivalents() {
        return resources.sharing(endpoint.kind()).stream()
                .flatMap(kind ->
                        kind.versions().stream().filter(KindVersion::served).map(version -> served(kind, version)))
                .toList();
    }

    private Endpoint at(ServedResource as) {
        if (as.equals(asked())) return endpoint;
        return resources.endpoint(as.group(), as.version(), as.plural()).orElse(endpoint);
    }

    @Override
    public Map<String, Object> show(Map<String, Object> object, ServedResource as) {
        var there = at(as);
        if (endpoint.kind().custom()) return as.equals(asked()) ? object : there.from(Trees.copy(object));
        return there.converts() ? there.fromStorage(Trees.copy(object)) : object;
    }

    @Override
    public Map<String, Object> merge(Map<String, Object> shown, Map<String, Object> part, ServedResource as) {
        return Overlay.merge(shown, part, at(as).version().schema());
    }

    @Override
    public Map<String, Object> take(Map<String, Object> shown, ServedResource as) {
        var there = at(as);
        shown.put(AnyObject.KIND, as.type().kind());
        shown.put(AnyObject.API_VERSION, as.type().apiVersion());
        FieldValidation.quietly(there, shown, InternalErrors::of);
        if (endpoint.kind().custom()) {
            var object = endpoint.from(shown);
            CustomForm.complete(object, endpoint.version().schema());
            return object;
        }
        var stored = there.toStorage(shown);
        there.cache().kind().applyDefaults(stored);
        return stored;
    }
}
