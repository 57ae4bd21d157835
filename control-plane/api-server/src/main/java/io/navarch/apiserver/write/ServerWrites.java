package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.ownership.FieldOwner;
import io.navarch.schema.subresource.DeleteOptions;
import java.time.Duration;
import java.util.Map;

/// Writes of objects that the server itself has built: bindings, evictions, finalization.
public final class ServerWrites {
    private final CurrentObjects objects;
    private final WritePipeline pipeline;
    private final Deletion deletion;
    private final AdmissionChain admission;

    public ServerWrites(CurrentObjects objects, WritePipeline pipeline, Deletion deletion, AdmissionChain admission) {
        this.objects = objects;
        this.pipeline = pipeline;
        this.deletion = deletion;
        this.admission = admission;
    }

    /// The object as of now, or 404.
    public StoredObject require(Endpoint endpoint, String namespace, String name) throws InterruptedException {
        return objects.require(endpoint, namespace, name);
    }

    /// Runs validating admission on something that is answered rather than stored.
    public void validate(Admission.Attributes call, View object) {
        admission.validate(call, object, View.ABSENT);
    }

    /// Replaces all of an object, given in the stored version.
    public StoredObject update(ResourceRequest request, StoredObject current, Map<String, Object> object) {
        var manager = FieldOwners.of(request, FieldOwner.UPDATE);
        return pipeline.run(Write.update(request, current, Part.WHOLE, manager).stored(), object);
    }

    /// Replaces an object without asking anybody; false when it is not the current one any more.
    public boolean replace(Endpoint endpoint, StoredObject current, Map<String, Object> object) {
        try {
            pipeline.store().put(endpoint, current, object, Duration.ZERO);
            return true;
        } catch (StaleObjectException e) {
            return false;
        }
    }

    /// Removes an object for good.
    public StoredObject remove(Endpoint endpoint, StoredObject current, Map<String, Object> last) {
        return pipeline.store().remove(endpoint, current, last);
    }

    public void delete(ResourceRequest request, String namespace, String name, DeleteOptions options)
            throws InterruptedException {
        deletion.delete(request, namespace, name, options);
    }
}
