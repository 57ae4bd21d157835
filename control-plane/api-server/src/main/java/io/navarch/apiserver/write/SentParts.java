package io.navarch.apiserver.write;

import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;

/// Stage: decides which parts of a sent object count. Its status is only written through the status endpoint,
/// everything else only elsewhere, and some metadata by nobody but the server.
final class SentParts implements WriteStage {
    private static final List<String> STATUS_METADATA = List.of(
            ObjectMeta.LABELS,
            ObjectMeta.ANNOTATIONS,
            ObjectMeta.FINALIZERS,
            ObjectMeta.MANAGED_FIELDS,
            ObjectMeta.OWNER_REFERENCES);

    @Override
    public Map<String, Object> apply(Write write, Map<String, Object> sent) {
        if (write.creates()) return sent;
        var object = merge(write, sent);
        keepServerOwned(object, write.old());
        // What is never stored is told again all the same.
        if (!write.request().dryRun()) Trees.remove(object, AnyObject.METADATA, ObjectMeta.SELF_LINK);
        if (!write.endpoint().kind().namespaced()) Trees.remove(object, AnyObject.METADATA, ObjectMeta.NAMESPACE);
        return object;
    }

    private static Map<String, Object> merge(Write write, Map<String, Object> sent) {
        var kind = write.endpoint().kind();
        var old = write.old();
        return switch (write.part()) {
            case SUBRESOURCE -> write.subresource().merge().apply(sent, old);
            case STATUS -> kind.hasStatus() ? statusOf(sent, old, kind.reset(Part.STATUS_SUBRESOURCE)) : sent;
            case WHOLE -> sent;
            case MAIN -> {
                if (!kind.hasStatus()) yield sent;
                var status = old.status();
                if (status.exists()) sent.put(AnyObject.STATUS, Trees.copyOf(status.value()));
                else sent.remove(AnyObject.STATUS);
                yield sent;
            }
        };
    }

    /// @param reset what the endpoint takes no notice of
    private static Map<String, Object> statusOf(Map<String, Object> sent, View old, List<String> reset) {
        var object = Trees.copy(old.map());
        if (sent.containsKey(AnyObject.STATUS)) object.put(AnyObject.STATUS, sent.get(AnyObject.STATUS));
        else object.remove(AnyObject.STATUS);
        var metadata = View.of(sent).metadata();
        for (var field : STATUS_METADATA) {
            boolean kept = reset.contains(AnyObject.METADATA) && !field.equals(ObjectMeta.MANAGED_FIELDS)
                    || reset.contains(AnyObject.METADATA + "." + field);
            if (kept) continue;
            var value = metadata.get(field);
            if (value.exists()) Trees.put(object, value.value(), AnyObject.METADATA, field);
            else if (!field.equals(ObjectMeta.OWNER_REFERENCES)) Trees.remove(object, AnyObject.METADATA, field);
        }
        return object;
    }

    /// Fields that a client cannot change stay as they were. Those that it may not change are left to [MetadataRules].
    private static void keepServerOwned(Map<String, Object> object, View old) {
        for (var field : List.of(ObjectMeta.CREATION_TIMESTAMP, ObjectMeta.GENERATION)) keep(object, old, field);
        for (var field : List.of(ObjectMeta.NAME, ObjectMeta.NAMESPACE, ObjectMeta.UID)) {
            if (View.of(object).metadata().get(field).string().isEmpty()) keep(object, old, field);
        }
        if (!old.deleting()) return;
        keep(object, old, ObjectMeta.DELETION_TIMESTAMP);
        if (!View.of(object)
                .metadata()
                .get(ObjectMeta.DELETION_GRACE_PERIOD_SECONDS)
                .exists()) keep(object, old, ObjectMeta.DELETION_GRACE_PERIOD_SECONDS);
    }

    private static void keep(Map<String, Object> object, View old, String field) {
        var value = old.metadata().get(field);
        if (value.exists()) Trees.put(object, value.value(), AnyObject.METADATA, field);
        else Trees.remove(object, AnyObject.METADATA, field);
    }
}
