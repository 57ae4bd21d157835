package io.navarch.apiserver.write;

import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.registry.Resources;
import io.navarch.model.AnyObject;
import io.navarch.model.ManagedFieldsEntry;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.GoText;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.ownership.FieldOwner;
import io.navarch.schema.ownership.FieldSet;
import io.navarch.schema.ownership.ManagedFields;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/// Stage: notes in `metadata.managedFields` what this write makes whose. Runs before admission: what the client changed
/// is its own, what admission changes after it is nobody's.
public final class Ownership implements WriteStage {
    private static final Set<String> OPERATIONS = Set.of(FieldOwner.APPLY, FieldOwner.UPDATE);

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

    /// Takes back what others have made of managed fields, unless it can still be read.
    static void keepValid(Write write, View before, Map<String, Object> object) {
        var was = before.metadata().get(ObjectMeta.MANAGED_FIELDS);
        var is = View.of(object).metadata().get(ObjectMeta.MANAGED_FIELDS);
        if (Trees.semanticEquals(was.value(), is.value())) return;
        var wrong = is.views().stream().filter(entry -> !readable(entry)).findFirst();
        if (wrong.isEmpty()) return;
        Trees.put(object, was.value(), AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
        write.call()
                .warn()
                .accept(".metadata.managedFields was in an invalid state after admission; this could be caused by an"
                        + " outdated mutating admission controller; please fix your requests: invalid entry "
                        + GoText.of(wrong.get().value()));
    }

    private static boolean readable(View entry) {
        return entry.get(ManagedFieldsEntry.FIELDS_TYPE).string().equals("FieldsV1")
                && OPERATIONS.contains(entry.get(ManagedFieldsEntry.OPERATION).string())
                && !entry.get(ManagedFieldsEntry.API_VERSION).string().isEmpty();
    }

    private void track(Write write, Map<String, Object> object) {
        var endpoint = write.endpoint();
        var fields = of(endpoint, write.request().info().subresource());
        boolean own = write.part() == Part.MAIN;
        var old = write.old();
        var owned = own ? endpoint.cache().kind().asOwned(object) : object;
        boolean converted = endpoint.converts() && !endpoint.kind().custom();
        var shown = converted ? endpoint.fromStorage(Trees.copy(owned)) : owned;
        var before = converted && old.exists() ? View.of(endpoint.fromStorage(Trees.copy(old.map()))) : old;
        fields.track(shown, before, write.manager(), own, clock.instant());
        var managed = View.of(shown).metadata().get(ObjectMeta.MANAGED_FIELDS);
        if (managed.exists()) Trees.put(object, managed.value(), AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
        else Trees.remove(object, AnyObject.METADATA, ObjectMeta.MANAGED_FIELDS);
    }
}
