package io.navarch.apiserver;

import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.JsonPatch;
import io.navarch.schema.ManagedFields;
import io.navarch.schema.StrategicMerge;
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
        var name = View.of(sent).name();
        if (name.isEmpty()) Trees.put(sent, context.info.name(), "metadata", "name");
        else if (!name.equals(context.info.name())) {
            throw ApiException.badRequest("the name of the object (" + name + ") does not match the name on the URL ("
                    + context.info.name() + ")");
        }
        var namespace = View.of(sent).namespace();
        if (!namespace.isEmpty() && !namespace.equals(context.info.namespace())) {
            throw ApiException.badRequest("the namespace of the object (" + namespace
                    + ") does not match the namespace on the URL (" + context.info.namespace() + ")");
        }
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
        if (patch instanceof Map<?, ?>) {
            var sent = View.of(patch);
            if (!sent.name().isEmpty() && !sent.name().equals(context.info.name())) {
                throw ApiException.badRequest("the name of the object (" + sent.name()
                        + ") does not match the name on the URL (" + context.info.name() + ")");
            }
        }
        for (int attempt = 1; ; attempt++) {
            var current = reads.require(context, context.info.name());
            var before = served(context, current);
            var after = patched(context, type, before, patch);
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
        var name = View.of(sent).name();
        if (!name.isEmpty() && !name.equals(context.info.name())) {
            throw ApiException.badRequest("the name of the object (" + name + ") does not match the name on the URL ("
                    + context.info.name() + ")");
        }
        Trees.put(sent, context.info.name(), "metadata", "name");
        if (context.endpoint.kind().namespaced()) Trees.put(sent, context.info.namespace(), "metadata", "namespace");
        Bodies.check(context, new Bodies.Body(sent, List.of()));
        boolean force = context.call().query("force").equals("true");
        var manager = manager(context, "Apply");
        var endpoint = context.endpoint;
        var stored = endpoint.cache().kind();
        var fields = new ManagedFields(stored.storage().schema(), stored.hasStatus());
        for (int attempt = 1; ; attempt++) {
            reads.awaitLatest(endpoint.cache());
            var current = endpoint.cache().get(endpoint.key(context.info.namespace(), context.info.name()));
            var applied = toStorage(context, Trees.copy(sent));
            try {
                if (current == null) {
                    if (part == WritePath.Part.STATUS) throw endpoint.notFound(context.info.name());
                    if (!View.of(sent).uid().isEmpty()) {
                        throw ApiException.conflict(
                                endpoint.kind().plural(),
                                endpoint.kind().group(),
                                context.info.name(),
                                "uid mismatch: the provided object specified uid "
                                        + View.of(sent).uid() + ", and no existing object was found");
                    }
                    if (stored.hasStatus()) applied.remove("status");
                    var made = fields.apply(View.of(null), applied, manager, force, clock.instant());
                    reads.respond(context, 201, path.create(context, made, manager, true));
                } else {
                    requireVersion(context, View.of(sent), current);
                    Trees.remove(applied, "metadata", "resourceVersion");
                    Trees.remove(applied, "metadata", "uid");
                    var merged = fields.apply(current.view(), applied, manager, force, clock.instant());
                    reads.respond(context, 200, path.update(context, current, merged, part, manager, true));
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
}
