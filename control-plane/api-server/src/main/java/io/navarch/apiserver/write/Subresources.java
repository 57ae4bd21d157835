package io.navarch.apiserver.write;

import io.navarch.apiserver.access.ServiceAccountTokens;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ReadHandler;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Subresources that are answered here: binding, eviction, token, finalize.
public final class Subresources {
    private final ReadHandler reads;
    private final WritePipeline writes;
    private final DeleteHandler deletes;
    private final ServiceAccountTokens tokens;
    private final Resources resources;
    private final InstantSource clock;

    public Subresources(
            ReadHandler reads,
            WritePipeline writes,
            DeleteHandler deletes,
            ServiceAccountTokens tokens,
            Resources resources,
            InstantSource clock) {
        this.reads = reads;
        this.writes = writes;
        this.deletes = deletes;
        this.tokens = tokens;
        this.resources = resources;
        this.clock = clock;
    }

    // Pods.

    /// Gives a pod its node: only once, and not when it is going away.
    public void binding(RequestContext context) throws IOException, InterruptedException {
        var body = View.of(BodyDecoder.plain(context));
        var node = body.get("target", "name").string();
        if (node.isEmpty()) {
            throw ApiException.invalid(
                    "", "Binding", context.info.name(), List.of(io.navarch.objects.FieldError.required("target.name")));
        }
        bind(context, context.info.name(), body, node);
    }

    /// POST of a Binding to its own resource: the pod is named in it.
    public void bindingOf(RequestContext context) throws IOException, InterruptedException {
        var body = View.of(BodyDecoder.plain(context));
        var pods = resources.endpoint("", "v1", "pods");
        var binding = context.endpoint;
        context.endpoint = pods;
        try {
            bind(context, body.name(), body, body.get("target", "name").string());
        } finally {
            context.endpoint = binding;
        }
    }

    private void bind(RequestContext context, String name, View body, String node)
            throws IOException, InterruptedException {
        var current = reads.require(context, name);
        var pod = current.tree();
        var view = View.of(pod);
        if (view.deleting())
            throw ApiException.conflict(
                    "pods", "", name, "pod " + name + " is being deleted, cannot be assigned to a host");
        if (!view.spec().get("nodeName").string().isEmpty()) {
            throw ApiException.conflict(
                    "pods/binding",
                    "",
                    name,
                    "pod " + name + " is already assigned to node \""
                            + view.spec().get("nodeName").string() + "\"");
        }
        Trees.put(pod, node, "spec", "nodeName");
        body.metadata()
                .get("annotations")
                .map()
                .forEach((key, value) -> Trees.put(pod, value, "metadata", "annotations", key));
        var conditions = Trees.childList(Trees.child(pod, "status"), "conditions");
        conditions.removeIf(condition -> View.of(condition).get("type").string().equals("PodScheduled"));
        conditions.add(Trees.map(
                "type", "PodScheduled", "status", "True", "lastTransitionTime", Timestamps.seconds(clock.instant())));
        writes.update(context, current, pod, WritePipeline.Part.WHOLE, WriteHandlers.manager(context, "Update"), false);
        context.respond(201, success());
    }

    private static Map<String, Object> success() {
        return Trees.map(
                "kind", "Status", "apiVersion", "v1", "metadata", Trees.map(), "status", "Success", "code", 201L);
    }

    /// Deletes a pod if its disruption budget allows that. Of two that want the last place in a budget one is refused.
    public void eviction(RequestContext context) throws IOException, InterruptedException {
        var body = View.of(BodyDecoder.plain(context));
        var name = context.info.name();
        writes.validate(context, "CREATE", Trees.copy(body.map()), View.of(null), name);
        var options =
                DeleteHandler.Options.of(context, body.get("deleteOptions").map());
        var current = reads.require(context, name);
        if (!options.uid().isEmpty() && !options.uid().equals(current.view().uid()))
            throw ApiException.conflict(
                    "pods",
                    "",
                    name,
                    "the UID in the precondition (" + options.uid() + ") does not match the UID in record ("
                            + current.view().uid() + "). The object might have been deleted and then recreated");
        spend(current.view(), options.dryRun());
        if (!options.dryRun() && !current.view().deleting()) {
            var pod = current.tree();
            var conditions = Trees.childList(Trees.child(pod, "status"), "conditions");
            conditions.removeIf(each -> View.of(each).get("type").string().equals("DisruptionTarget"));
            conditions.add(Trees.map(
                    "type",
                    "DisruptionTarget",
                    "status",
                    "True",
                    "lastTransitionTime",
                    Timestamps.seconds(clock.instant()),
                    "reason",
                    "EvictionByEvictionAPI",
                    "message",
                    "Eviction API: evicting"));
            writes.update(
                    context, current, pod, WritePipeline.Part.WHOLE, WriteHandlers.manager(context, "Update"), false);
        }
        deletes.delete(context, name, options);
        context.respond(201, success());
    }

    private void spend(View pod, boolean dryRun) {
        for (int attempt = 0; attempt < 20; attempt++) {
            var budget =
                    EvictionDecision.budget(pod, resources.list("policy", "poddisruptionbudgets", pod.namespace()));
            var status = EvictionDecision.cost(pod, budget, clock.instant());
            if (status == null || dryRun) return;
            var endpoint = resources.endpoint("policy", "v1", "poddisruptionbudgets");
            var stored = endpoint.cache().get(endpoint.key(budget.namespace(), budget.name()));
            if (stored == null || !stored.view().resourceVersion().equals(budget.resourceVersion())) continue;
            var object = stored.tree();
            object.put("status", status);
            var outcome = resources
                    .storage()
                    .store()
                    .put(stored.key(), StoredObject.encode(object), stored.revision(), Duration.ZERO);
            if (outcome.written()) return;
        }
        throw new ApiException(
                ApiException.Reason.TOO_MANY_REQUESTS,
                "couldn't update PodDisruptionBudget due to conflicts; try again");
    }

    // Service accounts.

    public void token(RequestContext context) throws IOException, InterruptedException {
        var request = BodyDecoder.plain(context);
        var spec = View.of(request).spec();
        var account = reads.require(context, context.info.name()).view();
        writes.validate(context, "CREATE", request, View.of(null), context.info.name());
        long seconds = spec.get("expirationSeconds").longOr(3600);
        if (seconds < 600) {
            throw ApiException.invalid(
                    "authentication.k8s.io",
                    "TokenRequest",
                    "",
                    List.of(FieldError.invalid(
                            "spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes")));
        }
        var bound = View.of(null);
        var reference = spec.get("boundObjectRef");
        if (reference.exists()) {
            var plural = reference.get("kind").string().toLowerCase(java.util.Locale.ROOT) + "s";
            bound = resources.get(
                    "", plural, context.info.namespace(), reference.get("name").string());
            if (!bound.exists())
                throw ApiException.notFound(plural, "", reference.get("name").string());
            if (!reference.get("uid").string().isEmpty()
                    && !reference.get("uid").string().equals(bound.uid())) {
                throw ApiException.conflict(
                        plural,
                        "",
                        bound.name(),
                        "the UID in the bound object reference ("
                                + reference.get("uid").string()
                                + ") does not match the UID in record. The object might have been deleted and then recreated");
            }
        }
        var expires = clock.instant().plusSeconds(seconds);
        var audiences = spec.get("audiences").strings();
        var token = tokens.issue(account, audiences, expires, bound);
        request.put("kind", "TokenRequest");
        request.put("apiVersion", "authentication.k8s.io/v1");
        Trees.put(request, account.name(), "metadata", "name");
        Trees.put(request, account.namespace(), "metadata", "namespace");
        Trees.put(request, seconds, "spec", "expirationSeconds");
        if (audiences.isEmpty()) Trees.put(request, List.of(tokens.issuer()), "spec", "audiences");
        request.put("status", Trees.map("token", token, "expirationTimestamp", Timestamps.seconds(expires)));
        context.respond(201, request);
    }

    // Namespaces.

    /// Replaces `spec.finalizers`; a namespace that is being deleted and has none left goes.
    public void finalizeNamespace(RequestContext context) throws IOException, InterruptedException {
        var sent = View.of(BodyDecoder.plain(context));
        var current = reads.require(context, context.info.name());
        var namespace = current.tree();
        var version = sent.resourceVersion();
        if (!version.isEmpty() && !version.equals(String.valueOf(current.revision())))
            throw WritePipeline.conflict(context.endpoint.kind(), current.name());
        var finalizers = sent.spec().get("finalizers").list();
        Trees.put(namespace, Trees.copy(finalizers), "spec", "finalizers");
        boolean last = View.of(namespace).deleting()
                && finalizers.isEmpty()
                && View.of(namespace).metadata().get("finalizers").list().isEmpty();
        var stored = last
                ? writes.remove(context.endpoint, current, namespace)
                : writes.update(
                        context,
                        current,
                        namespace,
                        WritePipeline.Part.WHOLE,
                        WriteHandlers.manager(context, "Update"),
                        false);
        reads.respond(context, 200, stored);
    }
}
