package io.navarch.apiserver.request;

import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.registry.Resources;
import io.navarch.objects.Json;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A request on its way through the stages; each adds what it found out.
public final class RequestContext {
    private final Call call;
    private final List<String> warnings = new ArrayList<>();
    public RequestInfo info;
    public User user = User.ANONYMOUS;
    public Resources.Endpoint endpoint;
    public MediaType accept = MediaType.JSON;
    public boolean done;
    public boolean entered;
    public boolean awaited;

    /// The body once it has been read; a patch that is tried again needs it again.
    public byte[] body;
    public Runnable release = () -> {};

    public final Protobuf protobuf;

    public RequestContext(Call call, Protobuf protobuf) {
        this.call = call;
        this.protobuf = protobuf;
    }

    public Call call() {
        return call;
    }

    public RequestInfo info() {
        return info;
    }

    public User user() {
        return user;
    }

    public Resources.Endpoint endpoint() {
        return endpoint;
    }

    /// The objects that a list, a watch or the deletion of many is about.
    public Selection selection() {
        return Selection.parse(
                endpoint.kind(),
                info.namespace(),
                info.name(),
                call.query("labelSelector"),
                call.query("fieldSelector"));
    }

    /// Adds a `Warning` header (code 299) to the answer.
    public void warn(String text) {
        if (!warnings.contains(text)) warnings.add(text);
    }

    public boolean dryRun() {
        return call.query("dryRun").equals("All");
    }

    public Admission.Attributes attributes(String operation, String name) {
        return new Admission.Attributes(
                operation,
                info.group(),
                info.version(),
                info.resource(),
                info.subresource(),
                info.namespace(),
                name,
                user.name(),
                user.groups(),
                this::warn);
    }

    /// Whether a long answer may be compressed.
    public boolean takesGzip() {
        return call.exchange() != null
                && Arrays.stream(call.header("Accept-Encoding").split(","))
                        .anyMatch(coding -> coding.split(";")[0].strip().equals("gzip"));
    }

    public Map<String, String> headers(String contentType) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", contentType);
        headers.put("Cache-Control", "no-cache, private");
        for (int i = 0; i < warnings.size(); i++) {
            // Several headers of one name; the transport adds, it does not replace.
            var quoted = warnings.get(i).replace("\\", "\\\\").replace("\"", "\\\"");
            headers.merge("Warning", "299 - \"" + quoted + "\"", (one, other) -> one + ", " + other);
        }
        return headers;
    }

    public void respond(int status, Object tree) throws IOException {
        done = true;
        if (accept.yaml()) {
            var text = io.navarch.objects.Yaml.write(tree);
            call.respond(status, headers("application/yaml"), text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } else if (accept.protobuf()) {
            @SuppressWarnings("unchecked")
            var object = (Map<String, Object>) tree;
            call.respond(status, headers(Protobuf.MEDIA_TYPE), protobuf.encode(object));
        } else {
            respondBytes(status, "application/json", Json.write(tree));
        }
    }

    public void respondBytes(int status, String contentType, byte[] body) throws IOException {
        done = true;
        call.respond(status, headers(contentType), body);
    }
}
