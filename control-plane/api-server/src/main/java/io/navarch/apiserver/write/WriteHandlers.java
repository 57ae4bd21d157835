package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.ReadHandler;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.apiserver.request.RequestOptions;
import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.ownership.AppliedTypes;
import io.navarch.schema.ownership.Manager;
import io.navarch.schema.patch.JsonPatch;
import io.navarch.schema.patch.MergePatch;
import io.navarch.schema.patch.StrategicMerge;
import io.navarch.schema.types.Schema;
import io.navarch.schema.walk.Defaulting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// POST, PUT and PATCH: how each comes to the object that the write path then stores.
public final class WriteHandlers {
    /// A patch that lost a race is tried again on the newer object, as long as it did not name a version itself.
    private static final int ATTEMPTS = 10;

    static final String APPLY = "application/apply-patch+yaml";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final List<String> PATCHES_OF_CUSTOM =
            List.of("application/json-patch+json", "application/merge-patch+json", APPLY);
    private static final List<String> PATCHES =
            List.of("application/json-patch+json", "application/merge-patch+json", STRATEGIC, APPLY);

    private final ReadHandler reads;
    private final WritePipeline path;
    private final InstantSource clock;

    public WriteHandlers(ReadHandler reads, WritePipeline path, InstantSource clock) {
        this.reads = reads;
        this.path = path;
        this.clock = clock;
    }

    public static Manager manager(RequestContext context, String operation) {
        var name = context.call().query("fieldManager");
        if (name.isEmpty()) {
            var agent = context.call().header("User-Agent");
            int end = agent.indexOf('/');
            name = end > 0 ? agent.substring(0, end) : agent;
            if (name.isEmpty()) name = "unknown";
        }
        return new Manager(name, operation, context.endpoint.apiVersion(), context.info.subresource());
    }

    public void create(RequestContext context) throws IOException {
        RequestOptions.check(context, "CreateOptions");
        var body = BodyDecoder.object(context, BodyDecoder.read(context));
        BodyDecoder.check(context, body);
        reads.respond(context, 201, path.create(context, body.tree(), manager(context, "Update"), false));
    }

    public void update(RequestContext context, WritePipeline.Part part) throws IOException, InterruptedException {
        RequestOptions.check(context, "UpdateOptions");
        var body = BodyDecoder.object(context, BodyDecoder.read(context));
        BodyDecoder.check(context, body);
        var sent = body.tree();
        checkName(context, View.of(sent));
        StoredObject current;
        try {
            current = reads.require(context, context.info.name());
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.NOT_FOUND
                    || !context.endpoint.kind().createOnUpdate()
                    || part != WritePipeline.Part.MAIN) throw e;
            Trees.remove(sent, "metadata", "resourceVersion");
            reads.respond(context, 201, path.create(context, sent, manager(context, "Update"), false));
            return;
        }
        boolean unconditional = Set.of("", "0").contains(View.of(sent).resourceVersion());
        if (unconditional && context.endpoint.kind().conditional()) throw versionMissing(context);
        for (int attempt = 1; ; attempt++) {
            requireVersion(context, View.of(sent), current);
            requireUid(context, View.of(sent), current);
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

    /// Optimistic concurrency: the version that the client names must be the current one.
    private static void requireVersion(RequestContext context, View sent, StoredObject current) {
        var version = sent.resourceVersion();
        if (!version.isEmpty() && !version.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new ApiException(
                    ApiException.Reason.UNKNOWN, "strconv.ParseUint: parsing \"" + version + "\": invalid syntax");
        }
        if (!version.isEmpty() && !version.equals("0") && !version.equals(String.valueOf(current.revision()))) {
            throw WritePipeline.conflict(context.endpoint.kind(), current.name());
        }
    }

    static void requireUid(RequestContext context, View sent, StoredObject current) {
        var uid = sent.uid();
        var live = current.view().uid();
        if (uid.isEmpty() || uid.equals(live)) return;
        throw ApiException.conflict(
                context.endpoint.kind().plural(),
                context.endpoint.kind().group(),
                current.name(),
                "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + live);
    }

    public void patch(RequestContext context, WritePipeline.Part part) throws IOException, InterruptedException {
        var type = patchType(context);
        var bytes = BodyDecoder.read(context);
        RequestOptions.check(context, "PatchOptions");
        if (type.equals(APPLY)) {
            apply(context, bytes, part);
            return;
        }
        reads.require(context, context.info.name());
        var document = patchBody(bytes);
        var patch = document.tree();
        for (int attempt = 1; ; attempt++) {
            var current = reads.require(context, context.info.name());
            var before = served(context, current);
            var after = patched(type, before, patch, context.endpoint.version().schema());
            checkName(context, View.of(after));
            boolean pinned = !View.of(after).resourceVersion().equals(String.valueOf(current.revision()));
            requireVersion(context, View.of(after), current);
            typed(context, after, type.equals(STRATEGIC));
            var patchedTree = after;
            BodyDecoder.fields(
                    context, after, document.duplicates(), text -> refusedPatch(Json.writeString(patchedTree), text));
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

    /// The kind of patch that the client sends.
    ///
    /// @throws ApiException 415 when it is none that the resource takes
    static String patchType(RequestContext context) {
        var type = context.call().header("Content-Type").split(";")[0].strip();
        var accepted = context.endpoint.kind().custom() ? PATCHES_OF_CUSTOM : PATCHES;
        if (accepted.contains(type)) return type;
        throw new ApiException(
                ApiException.Reason.UNSUPPORTED_MEDIA_TYPE,
                "the body of the request was in an unknown format - accepted media types include: "
                        + String.join(", ", accepted));
    }

    static Json.Document patchBody(byte[] bytes) {
        try {
            return Json.read(bytes);
        } catch (Json.MalformedException e) {
            throw ApiException.badRequest("error decoding patch: " + e.getMessage());
        }
    }

    /// A patch may leave kind and version out, and a strategic one cannot change them.
    private static void typed(RequestContext context, Map<String, Object> after, boolean fixed) {
        var endpoint = context.endpoint;
        var kind = View.of(after).get("kind").string();
        var version = View.of(after).get("apiVersion").string();
        boolean other = !kind.isEmpty() && !kind.equals(endpoint.kind().kind())
                || !version.isEmpty() && !version.equals(endpoint.apiVersion());
        if (other && !fixed) {
            throw refusedPatch(
                    Json.writeString(after),
                    kind + " in version \"" + version + "\" cannot be handled as a "
                            + endpoint.kind().kind());
        }
        after.put("kind", endpoint.kind().kind());
        after.put("apiVersion", endpoint.apiVersion());
    }

    static ApiException refusedPatch(String patched, String why) {
        return ApiException.invalid("", "", "", List.of(FieldError.invalid("patch", patched, why)));
    }

    private static Map<String, Object> served(RequestContext context, StoredObject current) {
        var tree = current.tree();
        return context.endpoint.converts()
                ? context.endpoint.version().fromStorage().apply(tree)
                : tree;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> patched(String type, Map<String, Object> before, Object patch, Schema schema) {
        return switch (type) {
            case "application/json-patch+json" -> {
                if (!(JsonPatch.apply(before, patch) instanceof Map<?, ?> map))
                    throw refusedPatch(Json.writeString(patch), "the patch leaves no object");
                yield (Map<String, Object>) map;
            }
            case STRATEGIC -> StrategicMerge.apply(before, patch, schema);
            default -> MergePatch.apply(before, patch);
        };
    }

    /// Most clients send JSON as YAML, which is quicker to read; what is not, may still be YAML in braces.
    private static Json.Document jsonOrYaml(byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == '{') {
            try {
                return Json.read(bytes);
            } catch (Json.MalformedException e) {
                return Yaml.read(new String(bytes, StandardCharsets.UTF_8));
            }
        }
        return Yaml.read(new String(bytes, StandardCharsets.UTF_8));
    }

    private static void twice(RequestContext context, List<String> keys) {
        var texts = keys.stream()
                .map(key -> "key \"" + key + "\" already set in map")
                .toList();
        switch (context.call().query("fieldValidation")) {
            case "Strict" ->
                throw ApiException.badRequest(
                        "error strict decoding YAML: error converting YAML to JSON: yaml: " + String.join(", ", texts));
            case "Ignore" -> {}
            default -> texts.forEach(context::warn);
        }
    }

    @SuppressWarnings("unchecked")
    private void apply(RequestContext context, byte[] bytes, WritePipeline.Part part)
            throws IOException, InterruptedException {
        var endpoint = context.endpoint;
        var sent = applied(context, bytes, Form.of(endpoint));
        boolean force = context.call().flag("force");
        var manager = manager(context, "Apply");
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

    private StoredObject create(
            RequestContext context, Map<String, Object> sent, Manager manager, WritePipeline.Part part) {
        var endpoint = context.endpoint;
        var name = context.info.name();
        if (part != WritePipeline.Part.MAIN) throw endpoint.notFound(name);
        if (!View.of(sent).uid().isEmpty()) {
            throw ApiException.conflict(
                    endpoint.kind().plural(),
                    endpoint.kind().group(),
                    name,
                    "uid mismatch: the provided object specified uid "
                            + View.of(sent).uid() + ", and no existing object was found");
        }
        var made = path.managedFields(endpoint, part).apply(View.of(null), sent, manager, false, clock.instant());
        Trees.remove(made, "metadata", "resourceVersion");
        BodyDecoder.fields(context, made, List.of(), ApiException::badRequest);
        return path.create(context, made, manager, true);
    }

    /// What the merge made, in the form of a stored object.
    private static Map<String, Object> complete(RequestContext context, Map<String, Object> merged) {
        BodyDecoder.fields(context, merged, List.of(), ApiException::badRequest);
        Defaulting.dropNulls(merged, context.endpoint.version().schema());
        return toStorage(context, merged);
    }

    /// What a configuration must look like: the object's own form, or that of a subresource.
    record Form(String apiVersion, String kind, Schema schema) {
        public static Form of(Resources.Endpoint endpoint) {
            return new Form(
                    endpoint.apiVersion(),
                    endpoint.kind().kind(),
                    endpoint.version().schema());
        }
    }

    /// The configuration that was sent, once it is known to be one for this object.
    @SuppressWarnings("unchecked")
    static Map<String, Object> applied(RequestContext context, byte[] bytes, Form form) {
        Json.Document document;
        try {
            document = jsonOrYaml(bytes);
        } catch (Json.MalformedException e) {
            throw ApiException.badRequest("error decoding YAML: error converting YAML to JSON: " + e.getMessage());
        }
        if (!(document.tree() instanceof Map<?, ?> map)) {
            throw ApiException.badRequest(
                    "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                            + GoText.kind(document.tree()) + " into Go value of type map[string]interface {}");
        }
        if (!document.duplicates().isEmpty()) twice(context, document.duplicates());
        var sent = (Map<String, Object>) map;
        var view = View.of(sent);
        var endpoint = context.endpoint;
        if (!view.get("apiVersion").string().equals(form.apiVersion)) {
            throw ApiException.badRequest("Incorrect version specified in apply patch. Specified patch version: "
                    + view.get("apiVersion").string() + ", expected: " + form.apiVersion);
        }
        if (view.metadata().get("managedFields").exists()) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        var kind = view.get("kind").string();
        if (!kind.equals(form.kind)) {
            throw ApiException.badRequest(
                    "the kind in the data (" + kind + ") does not match the expected kind (" + form.kind + ")");
        }
        endpoint.kind().readOldForm(sent).forEach(context::warn);
        var error = AppliedTypes.check(sent, form.schema);
        if (error.isPresent()) {
            throw new ApiException(
                    ApiException.Reason.UNKNOWN,
                    "failed to create typed patch object (" + view.namespace() + "/" + view.name() + "; "
                            + form.apiVersion + ", Kind=" + form.kind + "): " + error.get());
        }
        if (!view.name().isEmpty()) checkName(context, view);
        Trees.put(sent, context.info.name(), "metadata", "name");
        if (endpoint.kind().namespaced()) Trees.put(sent, context.info.namespace(), "metadata", "namespace");
        return sent;
    }
}
