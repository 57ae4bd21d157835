package io.navarch.reconcile;

import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Something a controller wants done. Actions of one decision are carried out in order, creations (and deletions) of
/// one resource that follow each other at once; the first failure ends it.
public sealed interface Action {
    /// Events that tell how an action went, and what is counted then. `%s` in `message` is the name of what was made,
    /// in
    /// `failureMessage` the error; an empty reason tells nothing.
    record Story(
            View about,
            String reason,
            String message,
            String failure,
            String failureMessage,
            List<Metric.Sample> done,
            List<Metric.Sample> failed) {
        public Story(View about, String reason, String message, String failure, String failureMessage) {
            this(about, reason, message, failure, failureMessage, List.of(), List.of());
        }

        public static final Story NONE = new Story(View.of(null), "", "", "", "");

        /// The same, which is counted as well.
        public Story counting(List<Metric.Sample> whenDone, List<Metric.Sample> whenFailed) {
            return new Story(about, reason, message, failure, failureMessage, whenDone, whenFailed);
        }

        /// As most controllers tell that they made something.
        public static Story created(View about, String what) {
            return new Story(
                    about, "SuccessfulCreate", "Created " + what + ": %s", "FailedCreate", "Error creating: %s");
        }

        /// As most controllers tell that they deleted something.
        public static Story deleted(View about, String what, String name) {
            return new Story(
                    about, "SuccessfulDelete", "Deleted " + what + ": " + name, "FailedDelete", "Error deleting: %s");
        }
    }

    /// An object of that name that is already there is no failure.
    ///
    /// @param otherwise what to do when it fails, before giving up for this time
    record Create(
            ResourceType<View> type,
            Map<String, Object> object,
            Story story,
            Function<ApiException, List<Action>> otherwise)
            implements Action {
        public Create(ResourceType<View> type, Map<String, Object> object) {
            this(type, object, Story.NONE);
        }

        public Create(ResourceType<View> type, Map<String, Object> object, Story story) {
            this(type, object, story, e -> List.of());
        }
    }

    /// Replaces an object, or with `subresource` `status` only that; needs its resourceVersion.
    record Update(ResourceType<View> type, Map<String, Object> object, String subresource) implements Action {}

    /// A JSON merge patch.
    record Patch(ResourceType<View> type, ObjectKey key, String subresource, Object patch) implements Action {
        /// Sets one field of the metadata; fails when the object is another one, or has changed.
        public static Patch ofMetadata(ResourceType<View> type, View object, String field, Object value) {
            return new Patch(type, object.key(), "", metadata(object, field, value));
        }

        /// The merge patch of [#ofMetadata].
        public static Map<String, Object> metadata(View object, String field, Object value) {
            return Trees.map(
                    "metadata",
                    Trees.map("uid", object.uid(), "resourceVersion", object.resourceVersion(), field, value));
        }
    }

    /// Deletes the object with this uid; one that is gone already is no failure.
    record Delete(
            ResourceType<View> type, ObjectKey key, String uid, Long graceSeconds, String propagation, Story story)
            implements Action {
        public Delete(ResourceType<View> type, ObjectKey key, String uid) {
            this(type, key, uid, Story.NONE);
        }

        public Delete(ResourceType<View> type, ObjectKey key, String uid, Story story) {
            this(type, key, uid, null, "Background", story);
        }

        public Delete(ResourceType<View> type, ObjectKey key, String uid, Long graceSeconds, String propagation) {
            this(type, key, uid, graceSeconds, propagation, Story.NONE);
        }
    }

    /// An event about an object.
    record Emit(View object, String type, String reason, String message) implements Action {}

    /// Something to count once what stands before it is done.
    record Measure(Metric.Sample sample) implements Action {}

    /// The status of an object as it should be.
    static Update status(ResourceType<View> type, View object, Map<String, Object> status) {
        var copy = Trees.copy(object.map());
        copy.put("status", status);
        return new Update(type, copy, "status");
    }
}
