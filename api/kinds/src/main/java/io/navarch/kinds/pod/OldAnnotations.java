package io.navarch.kinds.pod;

import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Map;
import java.util.Set;

/// Annotations of pods and of templates of them that were fields of their own later. They say nothing any more, and are
/// not stored.
public final class OldAnnotations {
    private static final Set<String> DROPPED = Set.of(
            "pod.alpha.kubernetes.io/init-containers",
            "pod.beta.kubernetes.io/init-containers",
            "pod.alpha.kubernetes.io/init-container-statuses",
            "pod.beta.kubernetes.io/init-container-statuses");

    private OldAnnotations() {}

    public static void drop(Map<String, Object> pod) {
        var annotations = View.of(pod).metadata().get(ObjectMeta.ANNOTATIONS).map();
        if (annotations.isEmpty()) return;
        for (var name : DROPPED)
            if (annotations.containsKey(name)) Trees.remove(pod, AnyObject.METADATA, ObjectMeta.ANNOTATIONS, name);
        if (View.of(pod).metadata().get(ObjectMeta.ANNOTATIONS).map().isEmpty())
            Trees.remove(pod, AnyObject.METADATA, ObjectMeta.ANNOTATIONS);
    }
}
