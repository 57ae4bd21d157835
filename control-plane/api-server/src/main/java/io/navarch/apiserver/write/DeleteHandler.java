package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ReadHandler;
import io.navarch.apiserver.read.Rendering;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.apiserver.request.RequestOptions;
import io.navarch.objects.ApiException;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// DELETE of one object or of many: preconditions, propagation, finalizers, graceful deletion.
public final class DeleteHandler {
    private static final int ATTEMPTS = 10;

    private final Storage storage;
    private final ReadHandler reads;
    private final WritePipeline writes;
    private final Rendering rendering;
    private final InstantSource clock;

    public DeleteHandler(
            Storage storage, ReadHandler reads, WritePipeline writes, Rendering rendering, InstantSource clock) {
        this.storage = storage;
        this.reads = reads;
        this.writes = writes;
        this.rendering = rendering;
        this.clock = clock;
    }

    /// `DeleteOptions`; `gracePeriod` is `null` when the client leaves it to the object.
    record Options(Long gracePeriod, String uid, String resourceVersion, String propagation, boolean dryRun) {
        public static Options of(RequestContext context, Map<String, Object> body) {
            var view = View.of(body);
            var call = context.call();
            Long grace = view.get("gracePeriodSeconds").value() instanceof Number number
                    ? Long.valueOf(number.longValue())
                    : null;
            if (grace == null && !call.query("gracePeriodSeconds").isEmpty()) {
                grace = seconds(call.query("gracePeriodSeconds"));
            }
            var propagation = view.get("propagationPolicy").stringOr(call.query("propagationPolicy"));
            var orphan = view.get("orphanDependents");
            if (propagation.isEmpty() && orphan.exists()) propagation = orphan.bool() ? "Orphan" : "Background";
            if (!propagation.isEmpty()
                    && !List.of("Orphan", "Background", "Foreground").contains(propagation)) {
                throw new ApiException(
                        ApiException.Reason.INVALID,
                        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \""
                                + propagation + "\": supported values: \"Background\", \"Foreground\", \"Orphan\"");
            }
            boolean dryRun = context.dryRun() || !view.get("dryRun").list().isEmpty();
            return new Options(
                    grace,
                    view.get("preconditions", "uid").string(),
                    view.get("preconditions", "resourceVersion").string(),
                    propagation,
                    dryRun);
        }
    }

    private static long seconds(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
    }

    public void delete(RequestContext context) throws IOException, InterruptedException {
        RequestOptions.check(context, "DeleteOptions");
        var options = Options.of(context, BodyDecoder.plain(context));
        var name = context.info.name();
        var stored = delete(context, name, options);
        var gone = storage.store().get(context.endpoint.key(context.info.namespace(), name)) == null;
        if (!gone || context.endpoint.kind().gracePeriod() != null) {
            reads.respond(context, 200, stored);
            return;
        }
        var kind = context.endpoint.kind();
        var details = ApiException.details(kind.plural(), kind.group(), name);
        details.put("uid", stored.view().uid());
        context.respond(
                200,
                Trees.map(
                        "kind",
                        "Status",
                        "apiVersion",
                        "v1",
                        "metadata",
                        Trees.map(),
                        "status",
                        "Success",
                        "details",
                        details));
    }

    public void deleteCollection(RequestContext context) throws IOException, InterruptedException {
        RequestOptions.check(context, "DeleteOptions");
        var options = Options.of(context, BodyDecoder.plain(context));
        var selection = context.selection();
        reads.awaitLatest(context.endpoint.cache());
        // Side by side, so that the store makes many durable with one fsync.
        var deletions = new ArrayList<Future<StoredObject>>();
        var items = new ArrayList<Object>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var stored : context.endpoint.cache().snapshot().below(selection.prefix())) {
                if (!selection.matches(stored)) continue;
                deletions.add(threads.submit(() -> deleteIfThere(context, stored, options)));
            }
            for (var deletion : deletions) {
                var left = deletion.get();
                if (left != null) items.add(rendering.tree(left, context.endpoint));
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ApiException cause ? cause : new IllegalStateException(e.getCause());
        }
        context.respond(
                200,
                Trees.map(
                        "kind", context.endpoint.kind().listKind(),
                        "apiVersion", context.endpoint.apiVersion(),
                        "metadata",
                                Trees.map(
                                        "resourceVersion",
                                        String.valueOf(context.endpoint.cache().revision())),
                        "items", items));
    }

    /// `null` when somebody else was faster.
    private StoredObject deleteIfThere(RequestContext context, StoredObject stored, Options options)
            throws InterruptedException {
        try {
            return delete(context, stored.namespace(), stored.name(), options);
        } catch (ApiException e) {
            if (e.reason() == ApiException.Reason.NOT_FOUND) return null;
            throw e;
        }
    }

    public StoredObject delete(RequestContext context, String name, Options options) throws InterruptedException {
        return delete(context, context.info.namespace(), name, options);
    }

    /// Deletes, or marks as being deleted; the answer is the object as it was left.
    private StoredObject delete(RequestContext context, String namespace, String name, Options options)
            throws InterruptedException {
        var endpoint = context.endpoint;
        for (int attempt = 1; ; attempt++) {
            reads.awaitLatest(endpoint.cache());
            var current = endpoint.cache().get(endpoint.key(namespace, name));
            if (current == null) throw endpoint.notFound(name);
            var view = current.view();
            preconditions(endpoint, current, view, options);
            writes.validateDelete(context, view, name);
            try {
                return step(endpoint, current, options);
            } catch (ApiException e) {
                if (e.reason() != ApiException.Reason.CONFLICT
                        || attempt == ATTEMPTS
                        || !options.resourceVersion.isEmpty()) throw e;
            }
        }
    }

    private static void preconditions(Resources.Endpoint endpoint, StoredObject current, View view, Options options) {
        var kind = endpoint.kind();
        if (!options.uid.isEmpty() && !options.uid.equals(view.uid())) {
            throw ApiException.conflict(
                    kind.plural(),
                    kind.group(),
                    current.name(),
                    "Precondition failed: UID in precondition: " + options.uid + ", UID in object meta: " + view.uid());
        }
        if (!options.resourceVersion.isEmpty() && !options.resourceVersion.equals(String.valueOf(current.revision()))) {
            throw ApiException.conflict(
                    kind.plural(),
                    kind.group(),
                    current.name(),
                    "Precondition failed: ResourceVersion in precondition: " + options.resourceVersion
                            + ", ResourceVersion in object meta: " + current.revision());
        }
    }

    private StoredObject step(Resources.Endpoint endpoint, StoredObject current, Options options) {
        var object = StoredObject.withoutRevision(current.tree());
        var view = View.of(object);
        var finalizers = new ArrayList<>(view.metadata().get("finalizers").strings());
        boolean changed = propagate(finalizers, options.propagation);
        long grace = grace(endpoint, view, options);
        boolean marked = view.deleting();
        Trees.put(object, new ArrayList<Object>(finalizers), "metadata", "finalizers");
        boolean held = endpoint.kind().held(view);
        if (grace == 0 && !held) {
            if (options.dryRun) return current;
            if (!marked) mark(object, 0);
            return writes.remove(endpoint, current, object);
        }
        if (marked) {
            // Only a shorter time than the one already set changes anything.
            long left = view.metadata().get("deletionGracePeriodSeconds").longOr(0);
            if (grace >= left && !changed) return current;
            if (grace < left) mark(object, grace);
        } else {
            mark(object, grace);
            endpoint.kind().markDeletion(object);
            if (endpoint.kind().hasGeneration()) {
                Trees.put(object, view.metadata().get("generation").longOr(0) + 1, "metadata", "generation");
            }
        }
        if (finalizers.isEmpty()) Trees.remove(object, "metadata", "finalizers");
        if (options.dryRun) return current;
        var bytes = StoredObject.encode(object);
        var outcome = storage.store().put(current.key(), bytes, current.revision(), java.time.Duration.ZERO);
        if (!outcome.written()) throw WritePipeline.conflict(endpoint.kind(), current.name());
        return StoredObject.of(
                current.key(), bytes, outcome.revision(), endpoint.cache().kind());
    }

    private void mark(Map<String, Object> object, long grace) {
        Trees.put(object, Timestamps.seconds(clock.instant().plusSeconds(grace)), "metadata", "deletionTimestamp");
        Trees.put(object, grace, "metadata", "deletionGracePeriodSeconds");
    }

    private static boolean propagate(List<String> finalizers, String policy) {
        var before = List.copyOf(finalizers);
        switch (policy) {
            case "Orphan" -> {
                finalizers.remove("foregroundDeletion");
                if (!finalizers.contains("orphan")) finalizers.add("orphan");
            }
            case "Foreground" -> {
                finalizers.remove("orphan");
                if (!finalizers.contains("foregroundDeletion")) finalizers.add("foregroundDeletion");
            }
            case "Background" -> {
                finalizers.remove("orphan");
                finalizers.remove("foregroundDeletion");
            }
            default -> {}
        }
        return !before.equals(finalizers);
    }

    private static long grace(Resources.Endpoint endpoint, View object, Options options) {
        var graceful = endpoint.kind().gracePeriod();
        if (graceful == null) return 0;
        long own = graceful.apply(object);
        // What has no time of its own (never started, or ended) needs none, whatever is asked.
        if (own == 0 && !object.deleting()) return 0;
        return options.gracePeriod != null ? Math.max(0, options.gracePeriod) : own;
    }
}
