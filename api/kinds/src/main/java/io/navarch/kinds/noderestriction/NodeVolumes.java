package io.navarch.kinds.noderestriction;

import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PersistentVolume;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;

/// What a node may say of volumes: of those on its own disk, that their directories have been made or removed.
final class NodeVolumes {
    private static final List<String> METADATA = List.of(
            ObjectMeta.ANNOTATIONS, ObjectMeta.FINALIZERS, ObjectMeta.RESOURCE_VERSION, ObjectMeta.MANAGED_FIELDS);

    private NodeVolumes() {}

    static void check(Admission.Attributes call, String node, View object, View old) {
        var who = "node \"" + node + "\" is not allowed to ";
        if (call.operation() != Operation.UPDATE || !call.subresource().isEmpty())
            throw Refusal.of(call, who + "do more with persistent volumes than to update them");
        var volume = PersistentVolume.of(old);
        if (!LocalPaths.is(volume) || !LocalPaths.node(volume).equals(node))
            throw Refusal.of(call, who + "update persistent volumes that are not directories of its own");
        if (!Trees.semanticEquals(rest(object).value(), rest(old).value()) || !sameMaker(object, volume))
            throw Refusal.of(call, who + "update fields other than finalizers and annotations");
    }

    private static boolean sameMaker(View object, PersistentVolume old) {
        return LocalPaths.is(PersistentVolume.of(object)) == LocalPaths.is(old);
    }

    /// What a node may not change.
    private static View rest(View volume) {
        var copy = Trees.copy(volume.map());
        for (var field : METADATA) Trees.remove(copy, AnyObject.METADATA, field);
        return View.of(copy);
    }
}
