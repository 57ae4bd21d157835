package io.navarch.apiserver.admission;

import io.navarch.apiserver.request.FieldValidation;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.schema.KindVersion;
import io.navarch.schema.ownership.Overlay;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;

/// The form of what is sent to a subresource, which is the same wherever that is served: a Scale, a Binding.
public record SingleForm(ResourceRequest request, ObjectType type) implements Forms {
    @Override
    public ServedResource asked() {
        return served(request.endpoint().version());
    }

    private ServedResource served(KindVersion version) {
        var kind = request.endpoint().kind();
        return new ServedResource(kind.group(), version.name(), kind.plural(), type);
    }

    @Override
    public List<ServedResource> equivalents() {
        return request.endpoint().kind().versions().stream()
                .filter(KindVersion::served)
                .map(this::served)
                .toList();
    }

    @Override
    public Map<String, Object> show(Map<String, Object> object, ServedResource as) {
        return object;
    }

    private Schema schema() {
        return request.response().protobuf().schema(type.apiVersion(), type.kind());
    }

    @Override
    public Map<String, Object> merge(Map<String, Object> shown, Map<String, Object> part, ServedResource as) {
        return Overlay.merge(shown, part, schema());
    }

    @Override
    public Map<String, Object> take(Map<String, Object> shown, ServedResource as) {
        shown.put(AnyObject.KIND, type.kind());
        shown.put(AnyObject.API_VERSION, type.apiVersion());
        FieldValidation.quietly(shown, new FieldValidation.Type(type.kind(), schema()), InternalErrors::of);
        return shown;
    }
}
