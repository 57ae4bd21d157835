package io.navarch.apiserver.write;

import io.navarch.apiserver.admission.AdmissionCall;
import io.navarch.apiserver.admission.AdmissionTimes;
import io.navarch.apiserver.admission.AskedAdmission;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.model.AnyObject;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.Finalizers;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.admission.Operation;
import io.navarch.schema.subresource.DeleteOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Deletes an object: preconditions, admission, propagation, finalizers, and grace. An object that something
/// still holds is only marked; it goes with the write that lets go of it.
public final class Deletion {
    private static final int AT_ONCE = 500;

    private final CurrentObjects objects;
    private final ObjectStore store;
    private final AdmissionChain admission;
    private final AskedAdmission asked;
    private final AdmissionTimes times;
    private final InstantSource clock;

    public Deletion(
            CurrentObjects objects,
            WritePipeline pipeline,
            AdmissionChain admission,
            AskedAdmission asked,
            AdmissionTimes times,
            InstantSource clock) {
        this.objects = objects;
        this.store = pipeline.store();
        this.admission = admission;
        this.asked = asked;
        this.times = times;
        this.clock = clock;
    }

    /// The object as it was left.
    ///
    /// @param gone whether nothing is left of it (or would be, if this were no dry run)
    record Deleted(StoredObject left, boolean gone) {}

    /// Deletes the object or marks it as being deleted.
    Deleted delete(ResourceRequest request, String namespace, String name, DeleteOptions options)
            throws InterruptedException {
        var endpoint = request.endpoint();
        var call = request.attributes(Operation.DELETE, name);
        return RetryOnConflict.run(options.resourceVersion().isEmpty(), () -> {
            var current = objects.require(endpoint, namespace, name);
            // Whoever admits deletions sees the version that was called.
            var view = endpoint.kind().custom() ? View.of(endpoint.tree(current)) : current.view();
            checkPreconditions(request, current, view, options);
            // Whoever was asked about an eviction is not asked about what follows from it.
            var others = call.subresource().isEmpty()
                    ? Optional.of(asked.ofDeletion(request, options))
                    : Optional.<AdmissionCall>empty();
            others.ifPresent(each -> asked.deleting(each, view));
            times.validate(call.operation(), () -> {
                admission.validate(call, View.ABSENT, view);
                others.ifPresent(each -> asked.validate(each, View.ABSENT, view));
            });
            request.response().seat().computed();
            return step(endpoint, current, options);
        });
    }

    /// How far the deletion of all objects of a kind is.
    public record Progress(int left, int begun) {}

    /// Begins to delete all objects of a kind, a number of them at a time, side by side so that one fsync makes
    /// many deletions durable. What finalizers hold stays until they let go.
    ///
    /// @return how many there were, and how many of them were begun with
    public Progress deleteAll(Endpoint endpoint) throws InterruptedException {
        objects.awaitLatest(endpoint.cache());
        int left = 0;
        var begun = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var stored : endpoint.cache().snapshot().below(endpoint.kind().storagePrefix())) {
                left++;
                if (begun.size() < AT_ONCE && !stored.read().deleting())
                    begun.add(threads.submit(() -> deleteWhatever(endpoint, stored)));
            }
            for (var each : begun) each.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return new Progress(left, begun.size());
    }

    /// Deletes an object as it is by now; whoever was faster has done no harm.
    private @Nullable Void deleteWhatever(Endpoint endpoint, StoredObject stored) throws InterruptedException {
        try {
            RetryOnConflict.run(
                    true,
                    () -> step(
                            endpoint,
                            objects.require(endpoint, stored.namespace(), stored.name()),
                            DeleteOptions.NONE));
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.NOT_FOUND) throw e;
        }
        return null;
    }

    private static void checkPreconditions(
            ResourceRequest request, StoredObject current, View view, DeleteOptions options) {
        var kind = request.endpoint().kind();
        if (kind.marking().isPresent()) {
            Preconditions.requireUid(request, options.uid(), current, view.uid());
            Preconditions.requireVersion(request, options.resourceVersion(), current);
            return;
        }
        if (!options.uid().isEmpty() && !options.uid().equals(view.uid())) {
            throw ApiException.conflict(
                    kind.kind(),
                    kind.group(),
                    current.name(),
                    "the UID in the precondition (" + options.uid() + ") does not match the UID in record ("
                            + view.uid() + "). The object might have been deleted and then recreated");
        }
        var version = options.resourceVersion();
        if (version.isEmpty() || version.equals(String.valueOf(current.revision()))) return;
        throw ApiException.conflict(
                kind.kind(),
                kind.group(),
                current.name(),
                "the ResourceVersion in the precondition (" + version
                        + ") does not match the ResourceVersion in record (" + current.revision()
                        + "). The object might have been modified");
    }

    private Deleted step(Endpoint endpoint, StoredObject current, DeleteOptions options) {
        var kind = endpoint.kind();
        var object = StoredObject.withoutRevision(current.tree());
        var view = View.of(object);
        boolean own = kind.marking().isPresent() && !view.deleting();
        boolean propagated = !(own && !kind.notesPropagation()) && propagate(object, propagation(kind, view, options));
        long grace = grace(endpoint, view, options);
        if (grace == 0 && !kind.held(view)) {
            if (!view.deleting() && kind.gracePeriod().isPresent()) {
                mark(object, 0);
                countGeneration(object);
            }
            if (options.dryRun()) return new Deleted(store.tried(endpoint, current, object), true);
            return new Deleted(store.remove(endpoint, current, object), true);
        }
        if (view.deleting()) {
            // Only less time than there is already changes anything.
            long left = view.metadata()
                    .get(ObjectMeta.DELETION_GRACE_PERIOD_SECONDS)
                    .longOr(0);
            if (grace >= left && !propagated) return new Deleted(current, false);
            if (grace < left) shorten(object, left - grace, grace);
        } else if (own) {
            AnyObject.editMetadata(object).deletionTimestamp(clock.instant());
            kind.marking().get().accept(object);
        } else {
            mark(object, grace);
            countGeneration(object);
        }
        if (view.metadata().get(ObjectMeta.FINALIZERS).list().isEmpty())
            AnyObject.editMetadata(object).clearFinalizers();
        var left = options.dryRun()
                ? store.tried(endpoint, current, object)
                : store.put(endpoint, current, object, Duration.ZERO);
        return new Deleted(left, false);
    }

    /// Objects whose changes are not counted have no generation.
    private static void countGeneration(Map<String, Object> object) {
        var generation = View.of(object).metadata().get(ObjectMeta.GENERATION).longOr(0);
        if (generation > 0) AnyObject.editMetadata(object).generation(generation + 1);
    }

    private void mark(Map<String, Object> object, long grace) {
        AnyObject.editMetadata(object)
                .deletionTimestamp(clock.instant().plusSeconds(grace))
                .deletionGracePeriodSeconds(grace);
    }

    /// The time counts from when the deletion began. What is over already is the least that still is one.
    private void shorten(Map<String, Object> object, long seconds, long grace) {
        var metadata = AnyObject.editMetadata(object);
        var now = clock.instant();
        var end = metadata.build().deletionTimestamp().orElse(now).minusSeconds(seconds);
        boolean over = end.isBefore(now);
        metadata.deletionTimestamp(over ? now : end).deletionGracePeriodSeconds(over && grace > 0 ? 1 : grace);
    }

    /// What the options say, or else the object's finalizers, or else the kind.
    private static String propagation(KindDefinition kind, View object, DeleteOptions options) {
        if (!options.propagation().isEmpty() || !kind.keepsDependents()) return options.propagation();
        var finalizers = object.metadata().get(ObjectMeta.FINALIZERS).strings();
        boolean said = finalizers.contains(Finalizers.ORPHAN) || finalizers.contains(Finalizers.FOREGROUND);
        return said ? "" : DeleteOptions.ORPHAN;
    }

    /// The garbage collector learns from finalizers what is to become of dependents.
    ///
    /// @return whether that has changed
    private static boolean propagate(Map<String, Object> object, String policy) {
        var before = View.of(object).metadata().get(ObjectMeta.FINALIZERS).strings();
        var finalizers = new ArrayList<>(before);
        switch (policy) {
            case DeleteOptions.ORPHAN -> swap(finalizers, Finalizers.FOREGROUND, Finalizers.ORPHAN);
            case DeleteOptions.FOREGROUND -> swap(finalizers, Finalizers.ORPHAN, Finalizers.FOREGROUND);
            case DeleteOptions.BACKGROUND -> finalizers.removeAll(List.of(Finalizers.ORPHAN, Finalizers.FOREGROUND));
            default -> {}
        }
        if (before.equals(finalizers)) return false;
        AnyObject.editMetadata(object).finalizers(finalizers);
        return true;
    }

    private static void swap(List<String> finalizers, String unwanted, String wanted) {
        finalizers.remove(unwanted);
        if (!finalizers.contains(wanted)) finalizers.add(wanted);
    }

    private static long grace(Endpoint endpoint, View object, DeleteOptions options) {
        var graceful = endpoint.kind().gracePeriod();
        if (graceful.isEmpty()) return 0;
        long asked;
        if (object.deleting()) {
            long left = object.metadata()
                    .get(ObjectMeta.DELETION_GRACE_PERIOD_SECONDS)
                    .longOr(0);
            if (left == 0) return 0;
            asked = options.gracePeriod().orElse(left);
        } else {
            // Whatever has never started, or has ended, needs no time, whatever is asked for.
            var own = graceful.get().apply(object);
            if (own.isEmpty()) return 0;
            asked = options.gracePeriod().orElse(own.getAsLong());
        }
        return asked < 0 ? 1 : asked;
    }
}
