package io.navarch.client;

import io.navarch.model.AnyObject;
import io.navarch.model.ObjectReference;
import io.navarch.objects.Lens;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.UUID;

/// What an event is about: only what is told of it, so that events that wait hold no objects.
///
/// @param fieldPath the part of the object that is meant, `""` for all of it
record EventSubject(
        String apiVersion,
        String kind,
        String namespace,
        String name,
        String uid,
        String resourceVersion,
        String fieldPath) {
    private static final int LONGEST_NAME = 253;
    private static final long NANOS = 1_000_000_000;

    static EventSubject of(Lens object, String fieldPath) {
        var about = AnyObject.of(View.over(object));
        return new EventSubject(
                about.apiVersion(),
                about.kind(),
                about.namespace(),
                about.name(),
                about.uid(),
                about.resourceVersion(),
                fieldPath);
    }

    /// Where events of it are: those of cluster objects are in the default namespace.
    String eventNamespace() {
        return namespace.isEmpty() ? "default" : namespace;
    }

    /// A name that no other event has; one that would be too long says nothing of the object.
    String eventName(Instant now) {
        long nanos = now.getEpochSecond() * NANOS + now.getNano() / 1000 * 1000L + System.nanoTime() % 1000;
        var named = name + "." + Long.toHexString(nanos);
        return named.length() <= LONGEST_NAME ? named : UUID.randomUUID().toString();
    }

    /// The object itself, whatever part of it and in whatever state.
    String object() {
        return String.join("/", kind, namespace, name, uid, apiVersion);
    }

    ObjectReference reference() {
        var reference = ObjectReference.builder().kind(kind).name(name).uid(uid).apiVersion(apiVersion);
        if (!namespace.isEmpty()) reference.namespace(namespace);
        if (!resourceVersion.isEmpty()) reference.resourceVersion(resourceVersion);
        if (!fieldPath.isEmpty()) reference.fieldPath(fieldPath);
        return reference.build();
    }
}
