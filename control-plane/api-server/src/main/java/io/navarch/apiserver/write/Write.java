package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import io.navarch.schema.ownership.FieldOwner;
import java.util.Objects;
import java.util.Optional;

/// Everything about a write that is settled before its first stage; the object itself goes from stage to stage.
///
/// @param current the stored object that is to be replaced; empty for a new one
/// @param old the tree of `current`, absent for a new one
/// @param manager who will own the fields that are written
/// @param ownershipKnown whether managed fields have been worked out before, as apply does
/// @param inStoredVersion whether the object is given in the stored version already
/// @param call the write as admission sees it
record Write(
        ResourceRequest request,
        Optional<StoredObject> current,
        View old,
        Part part,
        FieldOwner manager,
        boolean ownershipKnown,
        boolean inStoredVersion,
        Admission.Attributes call) {

    /// @param name what the new object is called as long as it has no name
    static Write creation(ResourceRequest request, String name, FieldOwner manager) {
        var call = request.attributes(Operation.CREATE, name);
        return new Write(request, Optional.empty(), View.ABSENT, Part.MAIN, manager, false, false, call);
    }

    /// The same creation, now that the object has a name.
    Write named(String name) {
        var named = request.attributes(call.operation(), name);
        return new Write(request, current, old, part, manager, ownershipKnown, inStoredVersion, named);
    }

    /// The object is given in the endpoint's version.
    static Write update(ResourceRequest request, StoredObject current, Part part, FieldOwner manager) {
        return update(request, current, seen(request, current), part, manager);
    }

    /// As above.
    ///
    /// @param old the tree of `current`, for callers that have read it: see [#seen]
    static Write update(ResourceRequest request, StoredObject current, View old, Part part, FieldOwner manager) {
        var call = request.attributes(Operation.UPDATE, current.name());
        return new Write(request, Optional.of(current), old, part, manager, false, false, call);
    }

    /// A custom resource is written in the version that was called, until it is stored. What it has only in others is
    /// not there for whoever writes this one.
    static View seen(ResourceRequest request, StoredObject current) {
        var endpoint = request.endpoint();
        return endpoint.kind().custom() ? View.of(endpoint.tree(current)) : current.view();
    }

    /// The same write of an object whose managed fields are up to date.
    Write owned() {
        return new Write(request, current, old, part, manager, true, inStoredVersion, call);
    }

    /// The same write of an object that is given in the stored version.
    Write stored() {
        return new Write(request, current, old, part, manager, ownershipKnown, true, call);
    }

    Endpoint endpoint() {
        return request.endpoint();
    }

    /// What the kind says about the subresource that is written.
    KindDefinition.Part subresource() {
        var name = request.info().subresource();
        return Objects.requireNonNull(endpoint().kind().parts().get(name), name);
    }

    boolean creates() {
        return current.isEmpty();
    }
}
