package io.navarch.reconcile;

import io.navarch.model.AnyObject;
import io.navarch.model.ApiObject;
import io.navarch.model.EventType;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Something a controller wants done: a value without behaviour.
public sealed interface Action {
    /// An object of that name that is there already is no failure.
    ///
    /// @param ifExists what to do when it is
    /// @param ifRefused how the owner's status tells of a refusal
    record Create(
            ResourceType<?> type,
            Map<String, Object> object,
            EventTemplate event,
            List<Action> ifExists,
            Optional<Refusal> ifRefused)
            implements Action {
        public Create(ResourceType<?> type, Map<String, Object> object) {
            this(type, object, EventTemplate.NONE);
        }

        public Create(ResourceType<?> type, Map<String, Object> object, EventTemplate event) {
            this(type, object, event, List.of(), Optional.empty());
        }

        public Create(ResourceType<?> type, Lens object) {
            this(type, object, EventTemplate.NONE);
        }

        public Create(ResourceType<?> type, Lens object, EventTemplate event) {
            this(type, View.over(object).map(), event);
        }
    }

    /// Replaces an object, or only the part that a subresource such as `status` is; needs its resourceVersion.
    record Update(ResourceType<?> type, Map<String, Object> object, String subresource) implements Action {
        public Update(ResourceType<?> type, Lens object, String subresource) {
            this(type, View.over(object).map(), subresource);
        }

        /// The object with these finalizers.
        public static Update withFinalizers(ResourceType<?> type, ApiObject object, List<String> finalizers) {
            var copy = Trees.copy(View.over(object).map());
            ObjectMeta.edit(Trees.child(copy, AnyObject.METADATA)).finalizers(finalizers);
            return new Update(type, copy, "");
        }

        /// The object with the status it should have.
        public static Update status(ResourceType<?> type, Lens object, Map<String, Object> status) {
            var copy = Trees.copy(View.over(object).map());
            copy.put("status", status);
            return new Update(type, copy, "status");
        }

        /// The same, or nothing when that is the status it has.
        public static Optional<Update> statusIfChanged(ResourceType<?> type, Lens object, Lens status) {
            return status.semanticEquals(View.over(object).status())
                    ? Optional.empty()
                    : Optional.of(status(type, object, View.over(status).map()));
        }
    }

    /// A JSON merge patch.
    record Patch(ResourceType<?> type, ObjectKey key, String subresource, Object patch) implements Action {
        /// Merges the fields of a partial object into this one.
        public static Patch of(ResourceType<?> type, ApiObject object, Lens partial) {
            return new Patch(type, object.key(), "", View.over(partial).map());
        }

        /// The same for its status.
        public static Patch ofStatus(ResourceType<?> type, ApiObject object, Lens partial) {
            return new Patch(type, object.key(), "status", View.over(partial).map());
        }

        public Patch(ResourceType<?> type, ObjectKey key, String subresource, Lens patch) {
            this(type, key, subresource, View.over(patch).map());
        }

        /// Patches this very object; fails when it is another one, or has changed.
        public static Patch ofUnchanged(ResourceType<?> type, ApiObject object, String subresource, Lens patch) {
            return ofUnchanged(
                    type, object, subresource, Trees.copy(View.over(patch).map()));
        }

        private static Patch ofUnchanged(
                ResourceType<?> type, ApiObject object, String subresource, Map<String, Object> patch) {
            ObjectMeta.edit(Trees.child(patch, AnyObject.METADATA))
                    .uid(object.uid())
                    .resourceVersion(object.resourceVersion());
            return new Patch(type, object.key(), subresource, patch);
        }

        /// Changes the metadata of this very object.
        public static Patch ofMetadata(ResourceType<?> type, ApiObject object, Consumer<ObjectMeta.Builder> change) {
            var patch = new LinkedHashMap<String, Object>();
            change.accept(ObjectMeta.edit(Trees.child(patch, AnyObject.METADATA)));
            return ofUnchanged(type, object, "", patch);
        }
    }

    /// A server-side apply, forced: the named fields become those of this manager, whoever owned them.
    ///
    /// @param object name, namespace and the fields that the manager has an opinion about
    /// @param manager the original has some that are not the controller's name
    record Apply(ResourceType<?> type, Map<String, Object> object, String subresource, String manager)
            implements Action {
        public Apply(ResourceType<?> type, Lens object, String subresource, String manager) {
            this(type, View.over(object).map(), subresource, manager);
        }
    }

    /// Deletes the object with this uid; one that is gone already is no failure.
    ///
    /// @param graceSeconds empty for the object's own
    record Delete(
            ResourceType<?> type,
            ObjectKey key,
            String uid,
            Optional<Long> graceSeconds,
            String propagation,
            EventTemplate event)
            implements Action {
        public Delete(ResourceType<?> type, ObjectKey key, String uid) {
            this(type, key, uid, EventTemplate.NONE);
        }

        public Delete(ResourceType<?> type, ApiObject object) {
            this(type, object.key(), object.uid());
        }

        public Delete(ResourceType<?> type, ObjectKey key, String uid, EventTemplate event) {
            this(type, key, uid, Optional.empty(), "Background", event);
        }

        public Delete(ResourceType<?> type, ObjectKey key, String uid, long graceSeconds) {
            this(type, key, uid, Optional.of(graceSeconds), "Background", EventTemplate.NONE);
        }
    }

    /// Deletes every object of a resource in a namespace.
    record DeleteCollection(ResourceType<?> type, String namespace) implements Action {}

    /// An Event about an object.
    record RecordEvent(View about, EventType type, Reason reason) implements Action {
        public static RecordEvent of(Lens about, EventType type, String reason, String message) {
            return new RecordEvent(View.over(about), type, Reason.of(reason, message));
        }

        public static RecordEvent normal(Lens about, Reason reason) {
            return new RecordEvent(View.over(about), EventType.NORMAL, reason);
        }

        public static RecordEvent normal(Lens about, String reason, String message) {
            return normal(about, Reason.of(reason, message));
        }

        public static RecordEvent warning(Lens about, Reason reason) {
            return new RecordEvent(View.over(about), EventType.WARNING, reason);
        }

        public static RecordEvent warning(Lens about, String reason, String message) {
            return warning(about, Reason.of(reason, message));
        }
    }

    /// Something to count once what stands before it is done.
    record RecordMetric(Metric.Sample sample) implements Action {}
}
