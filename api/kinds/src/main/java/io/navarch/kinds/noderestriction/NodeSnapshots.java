package io.navarch.kinds.noderestriction;

import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Set;

/// What a node may say of snapshots: of those on its own disk, that they are there or have been removed.
final class NodeSnapshots {
    private static final List<String> METADATA =
            List.of(ObjectMeta.FINALIZERS, ObjectMeta.RESOURCE_VERSION, ObjectMeta.MANAGED_FIELDS);

    private NodeSnapshots() {}

    static void check(Admission.Attributes call, String node, View object, View old) {
        var who = "node \"" + node + "\" is not allowed to ";
        if (call.operation() != Operation.UPDATE || !Set.of("", "status").contains(call.subresource()))
            throw Refusal.of(call, who + "do more with snapshots than to update them");
        var snapshot = VolumeSnapshotContent.of(old);
        boolean own = snapshot.driver().equals(LocalPaths.PROVISIONER)
                && snapshot.labels().getOrDefault(LocalPaths.NODE, "").equals(node);
        if (!own) throw Refusal.of(call, who + "update snapshots that it does not keep");
        if (!Trees.semanticEquals(rest(object).value(), rest(old).value()))
            throw Refusal.of(call, who + "update fields other than finalizers and the status");
        var said = handle(object);
        boolean known = said.isEmpty() || said.equals(handle(old)) || said.equals(own(node, snapshot));
        if (!known) throw Refusal.of(call, who + "say that a snapshot is another one");
    }

    private static String handle(View snapshot) {
        return snapshot.get(AnyObject.STATUS, "snapshotHandle").string();
    }

    /// The only thing that it can be, so that nobody is given the snapshot of somebody else.
    private static String own(String node, VolumeSnapshotContent snapshot) {
        return snapshot.volumeHandle().isEmpty() ? snapshot.handle() : LocalPaths.handle(node, snapshot.name());
    }

    /// What a node may not change.
    private static View rest(View snapshot) {
        var copy = Trees.copy(snapshot.map());
        for (var field : METADATA) Trees.remove(copy, AnyObject.METADATA, field);
        Trees.remove(copy, AnyObject.STATUS);
        // A custom resource has a new one with each change.
        Trees.remove(copy, AnyObject.METADATA, ObjectMeta.GENERATION);
        return View.of(copy);
    }
}
