package io.navarch.apiserver.subresource;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.write.ServerWrites;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.subresource.DeleteOptions;
import io.navarch.schema.subresource.SubresourceHandler;
import java.util.List;
import java.util.Map;

/// What a handler may do to objects, on behalf of one caller.
record CallersObjects(ResourceRequest request, Admission.Attributes call, Resources resources, ServerWrites writes)
        implements SubresourceHandler.Objects {
    @Override
    public View get(String group, String resource, String namespace, String name) {
        return resources.get(group, resource, namespace, name);
    }

    @Override
    public List<View> list(String group, String resource, String namespace) {
        return resources.list(group, resource, namespace);
    }

    @Override
    public SubresourceHandler.Draft edit(ResourceType<?> type, String namespace, String name)
            throws InterruptedException {
        var target = target(type);
        var current = writes.require(target.endpoint(), namespace, name);
        return new StoredDraft(target, writes, current, current.tree());
    }

    /// The caller's request, at the endpoint of another resource.
    private ResourceRequest target(ResourceType<?> type) {
        var endpoint = resources
                .endpoint(type.group(), type.version(), type.plural())
                .orElseThrow(() -> new IllegalStateException(type + " is not served"));
        return request.at(endpoint);
    }

    @Override
    public void validate(Map<String, Object> body) {
        writes.validate(call, View.of(body));
    }

    @Override
    public DeleteOptions deleteOptions(Map<String, Object> body) {
        return DeleteOptions.of(
                View.of(body.isEmpty() ? null : body), request.call().query());
    }

    @Override
    public void delete(ResourceType<?> type, String namespace, String name, DeleteOptions options)
            throws InterruptedException {
        writes.delete(target(type), namespace, name, options);
    }

    private record StoredDraft(
            ResourceRequest target, ServerWrites writes, StoredObject current, Map<String, Object> object)
            implements SubresourceHandler.Draft {
        @Override
        public Result store() {
            return writes.update(target, current, object)::tree;
        }

        @Override
        public boolean replace() {
            return writes.replace(target.endpoint(), current, object);
        }

        @Override
        public Result remove() {
            return writes.remove(target.endpoint(), current, object)::tree;
        }
    }
}
