package io.navarch.apiserver;

import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.AppliedTypes;
import io.navarch.schema.JsonPatch;
import io.navarch.schema.ManagedFields;
import io.navarch.schema.StrategicMerge;
import io.navarch.schema.Structure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// POST, PUT and PATCH: how each comes to the object that the write path then stores.
final class Writes {
    /// A patch that lost a race is tried again on the newer object, as long as it did not name a version itself.
    private static final int ATTEMPTS = 10;

    private final ReadPath reads;
    private final WritePath path;
    private final InstantSource clock;

    Writes(ReadPath reads, WritePath path, InstantSource clock) {
        this.reads = reads;
        this.path = path;
        this.clock = clock;
    }

    static ManagedFields.Manager manager(RequestContext context, String operation) {
        var name = context.call().query("fieldManager");
        if (name.length() > 128)
            throw ApiException.badRequest("fieldManager: Too long: may not be more than 128 bytes");
        if (name.isEmpty()) {
            var agent = context.call().header("User-Agent");
            int end = agent.indexOf('/');
            name = end > 0 ? agent.substring(0, end) : agent;
            if (name.isEmpty()) name = "unknown";
        }
        return new ManagedFields.Manager(name, operation, context.endpoint.apiVersion(), context.info.subresource());
    }

    void create(RequestContext context) throws IOException {
        var body = Bodies.object(context, Bodies.read(context));
        Bodies.check(context, body);
        reads.respond(context, 201, path.create(context, body.tree(), manager(context, "Update"), false));
    }

    void update(RequestContext context, WritePath.Part part) throws IOException, InterruptedException {
        var body = Bodies.object(context, Bodies.read(context));
        Bodies.check(context, body);
        var sent = body.tree();
        checkName(context, View.of(sent));
        Stored current;
        try {
            current = reads.require(context, context.info.name());
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.NOT_FOUND
                    || !context.endpoint.kind().createOnUpdate()
                    || part != WritePath.Part.MAIN) throw e;
            Trees.remove(sent, "metadata", "resourceVersion");
            reads.respond(context, 201, path.create(context, sent, manager(context, "Update"), false));
            return;
        }
        boolean unconditional = Set.of("", "0").contains(View.of(sent).resourceVersion());
        if (unconditional && context.endpoint.kind().conditional()) throw versionMissing(context);
        for (int attempt = 1; ; attempt++) {
            requireVersion(context, View.of(sent), current);
            try {
                var stored = path.update(
                        context,
                        current,
                        toStorage(context, Trees.copy(sent)),
                        part,
                        manager(context, "Update"),
                        false);
                reads.respond(context, 200, stored);
                return;
            } catch (ApiException e) {
                if (e.reason() != ApiException.Reason.CONFLICT || !unconditional || attempt == ATTEMPTS) throw e;
                current = reads.require(context, context.info.name());
            }
        }
    }

    private static void checkName(RequestContext context, View object) {
        var wanted = context.info.name();
        var name = object.name();
        if (name.isEmpty()) {
            throw ApiException.badRequest(
                    "the name of the object (" + wanted + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(wanted)) {
            throw ApiException.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + wanted + ")");
        }
        var namespace = object.namespace();
        var asked = context.info.namespace();
        if (!asked.isEmpty() && !namespace.isEmpty() && !namespace.equals(asked)) {
            throw ApiException.badRequest("the namespace of the object (" + namespace
                    + ") does not match the namespace on the request (" + asked + ")");
        }
    }

    private static Map<String, Object> toStorage(RequestContext context, Map<String, Object> object) {
        return context.endpoint.converts()
                ? context.endpoint.version().toStorage().apply(object)
                : object;
    }

    private static ApiException versionMissing(RequestContext context) {
        var kind = context.endpoint.kind();
        var error = FieldError.invalid("metadata.resourceVersion", 0L, "must be specified for an update");
        return ApiException.invalid(kind.group(), kind.plural(), context.info.name(), List.of(error));
    }

    /// Optimistic concurrency: the version and the uid that the client names must be the current ones.
    private static void requireVersion(RequestContext context, View sent, Stored current) {
        var kind = context.endpoint.kind();
        var version = sent.resourceVersion();
        if (!version.isEmpty() && !version.equals("0") && !version.equals(String.valueOf(current.revision()))) {
            throw WritePath.conflict(kind, current.name());
        }
        var uid = sent.uid();
        if (!uid.isEmpty()) {
            var live = current.view().uid();
            if (!uid.equals(live)) {
                throw ApiException.conflict(
                        kind.plural(),
                        kind.group(),
                        current.name(),
                        "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + live);
            }
        }
    }

    void patch(RequestContext context, WritePath.Part part) throws IOException, InterruptedException {
        var type = context.call().header("Content-Type").split(";")[0].strip();
        var bytes = Bodies.read(context);
        if (type.equals("application/apply-patch+yaml")) {
            apply(context, bytes, part);
            return;
        }
        Object patch;
        List<String> duplicates = List.of();
        try {
            var document = Json.read(bytes);
            patch = document.tree();
            duplicates = document.duplicates();
        } catch (Json.MalformedException e) {
            throw ApiException.badRequest("error decoding patch: " + e.getMessage());
        }
        for (int attempt = 1; ; attempt++) {
            var current = reads.require(context, context.info.name());
            var before = served(context, current);
            var after = patched(context, type, before, patch);
            checkName(context, View.of(after));
            boolean pinned = !View.of(after).resourceVersion().equals(String.valueOf(current.revision()));
            requireVersion(context, View.of(after), current);
            Bodies.fields(context, after, duplicates);
            if (context.endpoint.converts())
                after = context.endpoint.version().toStorage().apply(after);
            try {
                var stored = path.update(context, current, after, part, manager(context, "Update"), false);
                reads.respond(context, 200, stored);
                return;
            } catch (ApiException e) {
                boolean versioned = patch instanceof Map<?, ?>
                        && !View.of(patch).resourceVersion().isEmpty();
                if (e.reason() != ApiException.Reason.CONFLICT || versioned || pinned || attempt == ATTEMPTS) throw e;
            }
        }
    }

    private static Map<String, Object> served(RequestContext context, Stored current) {
        var tree = current.tree();
        return context.endpoint.converts()
                ? context.endpoint.version().fromStorage().apply(tree)
                : tree;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> patched(
            RequestContext context, String type, Map<String, Object> before, Object patch) {
        return switch (type) {
            case "application/json-patch+json" -> {
                if (!(JsonPatch.apply(before, patch) instanceof Map<?, ?> map))
                    throw ApiException.badRequest("the patch leaves no object");
                yield (Map<String, Object>) map;
            }
            case "application/merge-patch+json" -> JsonPatch.merge(before, patch);
            case "application/strategic-merge-patch+json" -> {
                if (context.endpoint.kind().custom())
                    throw unsupported(
                            "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
                yield StrategicMerge.apply(
                        before, patch, context.endpoint.version().schema());
            }
            default ->
                throw unsupported(
                        "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml");
        };
    }

    private static ApiException unsupported(String accepted) {
        return new ApiException(
                ApiException.Reason.UNSUPPORTED_MEDIA_TYPE,
                "the body of the request was in an unknown format - accepted media types include: " + accepted);
    }

    /// Most clients send JSON as YAML, which is quicker to read; what is not, may still be YAML in braces.
    private static Object jsonOrYaml(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == '{') {
            try {
                return Json.parse(bytes);
            } catch (Json.MalformedException e) {
                return Yaml.parse(new String(bytes, StandardCharsets.UTF_8));
            }
        }
        return Yaml.parse(new String(bytes, StandardCharsets.UTF_8));
    }

    @SuppressWarnings("unchecked")
    private void apply(RequestContext context, byte[] bytes, WritePath.Part part)
            throws IOException, InterruptedException {
        var sent = applied(context, bytes);
        boolean force = context.call().query("force").equals("true");
        var manager = manager(context, "Apply");
        var endpoint = context.endpoint;
        for (int attempt = 1; ; attempt++) {
            reads.awaitLatest(endpoint.cache());
            var current = endpoint.cache().get(endpoint.key(context.info.namespace(), context.info.name()));
            try {
                if (current == null) {
                    reads.respond(context, 201, create(context, sent, manager, part));
                } else {
                    var merged = path.managedFields(endpoint, part)
                            .apply(View.of(served(context, current)), sent, manager, force, clock.instant());
                    requireVersion(context, View.of(merged), current);
                    var stored = path.update(context, current, complete(context, merged), part, manager, true);
                    reads.respond(context, 200, stored);
                }
                return;
            } catch (ApiException e) {
                boolean race = e.reason() == ApiException.Reason.CONFLICT
                                && e.getMessage().contains("the object has been modified")
                        || e.reason() == ApiException.Reason.ALREADY_EXISTS;
                if (!race
                        || attempt == ATTEMPTS
                        || !View.of(sent).resourceVersion().isEmpty()) throw e;
            }
        }
    }

    private Stored create(
            RequestContext context, Map<String, Object> sent, ManagedFields.Manager manager, WritePath.Part part) {
        var endpoint = context.endpoint;
        var name = context.info.name();
        if (part != WritePath.Part.MAIN) throw endpoint.notFound(name);
        if (!View.of(sent).uid().isEmpty()) {
            throw ApiException.conflict(
                    endpoint.kind().plural(),
                    endpoint.kind().group(),
                    name,
                    "uid mismatch: the provided object specified uid "
                            + View.of(sent).uid() + ", and no existing object was found");
        }
        var made = path.managedFields(endpoint, part).apply(View.of(null), sent, manager, false, clock.instant());
        Structure.dropNulls(made, endpoint.version().schema());
        Bodies.fields(context, made, List.of());
        return path.create(context, made, manager, true);
    }

    /// What the merge made, in the form of a stored object.
    private static Map<String, Object> complete(RequestContext context, Map<String, Object> merged) {
        Structure.dropNulls(merged, context.endpoint.version().schema());
        Bodies.fields(context, merged, List.of());
        return toStorage(context, merged);
    }

    /// The configuration that was sent, once it is known to be one for this object.
    @SuppressWarnings("unchecked")
    private static Map<String, Object> applied(RequestContext context, byte[] bytes) {
        if (context.call().query("fieldManager").isEmpty()) {
            throw ApiException.badRequest(
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }
        Object parsed;
        try {
            parsed = jsonOrYaml(bytes);
        } catch (Json.MalformedException e) {
            throw ApiException.badRequest("error decoding YAML: " + e.getMessage());
        }
        if (!(parsed instanceof Map<?, ?> map)) throw ApiException.badRequest("error decoding YAML: not an object");
        var sent = (Map<String, Object>) map;
        var view = View.of(sent);
        var endpoint = context.endpoint;
        if (!view.get("apiVersion").string().equals(endpoint.apiVersion())) {
            throw ApiException.badRequest("Incorrect version specified in apply patch. Specified patch version: "
                    + view.get("apiVersion").string() + ", expected: " + endpoint.apiVersion());
        }
        if (view.metadata().get("managedFields").exists()) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        var error = AppliedTypes.check(sent, endpoint.version().schema());
        if (error != null) {
            throw new ApiException(
                    ApiException.Reason.UNKNOWN,
                    "failed to create typed patch object (" + view.namespace() + "/" + view.name() + "; "
                            + endpoint.apiVersion() + ", Kind="
                            + view.get("kind").string() + "): " + error);
        }
        if (!view.name().isEmpty()) checkName(context, view);
        Trees.put(sent, context.info.name(), "metadata", "name");
        if (endpoint.kind().namespaced()) Trees.put(sent, context.info.namespace(), "metadata", "namespace");
        return sent;
    }
}
