package io.navarch.apiserver.write;

import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.registry.Resources;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.ownership.FieldSet;
import io.navarch.schema.ownership.ManagedFields;
import java.time.InstantSource;
import java.util.Map;

/// Stage: notes in `metadata.managedFields` what this write makes whose. Runs before admission: what the client changed
/// is its own, what admission changes after it is nobody's.
public final class Ownership implements WriteStage {
    private final Resources resources;
    private final InstantSource clock;

    public Ownership(Resources resources, InstantSource clock) {
        this.resources = resources;
        this.clock = clock;
    }

    /// Managed fields as seen through an endpoint: in its version, without what cannot be written there.
    ManagedFields of(Endpoint endpoint, String subresource) {
        var kind = endpoint.kind();
        var ignored = FieldSet.of(kind.reset(subresource).toArray(String[]::new));
        return new ManagedFields(resources.versions(kind), endpoint.apiVersion(), ignored);
    }

    @Override
    public Map<String, Object> apply(Write write, Map<String, Object> object) {
        if (write.ownershipKnown()) return object;
        if (write.part() == Part.WHOLE) keep(object, write.old());
        else track(write, object);
        return object;
    }

    private static void keep(Map<String, Object> object, View old) {
        var before = old.metadata().get(ObjectMeta.MANAGED_FIELDS);
        if (before.exists()) Trees.put(object, before.value(), AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
    }

    private void track(Write write, Map<String, Object> object) {
        var endpoint = write.endpoint();
        var fields = of(endpoint, write.request().info().subresource());
        boolean own = write.part() == Part.MAIN;
        var old = write.old();
        var owned = own ? endpoint.cache().kind().asOwned(object) : object;
        var shown = endpoint.converts() ? endpoint.fromStorage(Trees.copy(owned)) : owned;
        var before = endpoint.converts() && old.exists() ? View.of(endpoint.fromStorage(Trees.copy(old.map()))) : old;
        fields.track(shown, before, write.manager(), own, clock.instant());
        var managed = View.of(shown).metadata().get(ObjectMeta.MANAGED_FIELDS);
        if (managed.exists()) Trees.put(object, managed.value(), AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
        else Trees.remove(object, AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
    }
}
