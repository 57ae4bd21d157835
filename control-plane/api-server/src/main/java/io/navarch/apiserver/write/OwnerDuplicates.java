package io.navarch.apiserver.write;

import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.OwnerReference;
import io.navarch.objects.View;
import io.navarch.schema.admission.Verb;
import java.util.ArrayList;
import java.util.Map;

/// Takes out owner references that an object has twice, and warns of them.
final class OwnerDuplicates implements WriteStage {
    @Override
    public Map<String, Object> apply(Write write, Map<String, Object> object) {
        takeOut(write.request(), object);
        return object;
    }

    /// Whoever sends a whole object is warned before anything is asked of it.
    static void takeOut(ResourceRequest request, Map<String, Object> object) {
        var owners = View.of(object).metadata().get(ObjectMeta.OWNER_REFERENCES).list();
        if (owners.size() < 2) return;
        var kept = new ArrayList<Object>();
        var again = new ArrayList<String>();
        for (var owner : owners) {
            if (kept.contains(owner))
                again.add(View.of(owner).get(OwnerReference.UID).string());
            else kept.add(owner);
        }
        if (again.isEmpty()) return;
        View.of(object).metadata().map().put(ObjectMeta.OWNER_REFERENCES, kept);
        // Of a patch it is only known what it has made when it is admitted.
        boolean patch = request.info().is(Verb.PATCH);
        request.response()
                .warn("." + AnyObject.METADATA
                        + ".ownerReferences contains duplicate entries"
                        + (patch ? " after mutating admission happens" : "")
                        + "; API server dedups owner references in 1.20+, and"
                        + " may reject such requests as early as 1.24; please fix your requests; duplicate UID(s)"
                        + " observed: " + String.join(", ", again));
    }
}
