package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.GoTypeNames;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.SlowLane;
import io.navarch.model.AnyObject;
import io.navarch.model.ListMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// Writes lists in the form that the client asked for, object by object: the memory it takes does not depend on
/// how long the list is.
public final class ListWriter {
    private static final List<byte[]> TYPE = Stream.of("\"kind\":\"", "\"apiVersion\":\"")
            .map(text -> text.getBytes(StandardCharsets.US_ASCII))
            .toList();
    private static final byte[] COMMA = {','};
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);
    private final Rendering rendering;

    public ListWriter(Rendering rendering) {
        this.rendering = rendering;
    }

    void write(ResourceRequest request, Page page, SlowLane.Turn turn) throws IOException {
        var metadata = Trees.map(
                ListMeta.RESOURCE_VERSION,
                String.valueOf(page.revision()),
                ListMeta.CONTINUE,
                page.next().orElse(null),
                ListMeta.REMAINING_ITEM_COUNT,
                page.remaining().isPresent() ? page.remaining().getAsLong() : null);
        var endpoint = request.endpoint();
        var form = request.response().form();
        // Lists of custom resources always tell where to go on.
        if (endpoint.kind().custom() && !form.table() && !form.metadataOnly())
            metadata.putIfAbsent(ListMeta.CONTINUE, "");
        if (form.as().equals("PartialObjectMetadata")) {
            throw new ApiException(
                    ApiException.Reason.NOT_ACCEPTABLE,
                    "you requested PartialObjectMetadata, but the requested object is a list (*"
                            + GoTypeNames.internalList(endpoint.kind()) + ")");
        }
        if (form.table()) {
            var include = request.call().query("includeObject");
            var columns = rendering.columns(endpoint);
            json(
                    request,
                    turn,
                    "\"kind\":\"Table\",\"apiVersion\":\"" + Rendering.meta(form) + "\"",
                    metadata,
                    "\"columnDefinitions\":" + Json.writeString(rendering.headers(columns)) + ",\"rows\"",
                    rows(page, endpoint.kind()),
                    stored -> Json.write(rendering.row(
                            View.of(rendering.tree(stored, endpoint)), columns, include, Rendering.meta(form))));
        } else if (form.protobuf()) {
            messages(request, page, metadata, turn);
        } else if (form.yaml()) {
            yaml(request, page, metadata, turn);
        } else if (form.metadataOnly()) {
            json(
                    request,
                    turn,
                    "\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\"",
                    metadata,
                    "\"items\"",
                    page.objects(),
                    stored -> Json.write(rendering.metadata(stored.view())));
        } else {
            json(
                    request,
                    turn,
                    "\"kind\":\"" + endpoint.kind().listKind() + "\",\"apiVersion\":\"" + endpoint.apiVersion() + "\"",
                    metadata,
                    "\"items\"",
                    page.objects(),
                    // Elements of custom kinds name their type.
                    endpoint.kind().custom()
                            ? stored -> rendering.json(stored, endpoint)
                            : stored -> untyped(rendering.json(stored, endpoint)));
        }
    }

    private static Iterable<StoredObject> rows(Page page, KindDefinition kind) {
        if (kind.rowOrder().isEmpty()) return page.objects();
        var rows = new ArrayList<StoredObject>();
        page.objects().forEach(rows::add);
        rows.sort(Comparator.comparing(StoredObject::view, kind.rowOrder().get()));
        return rows;
    }

    /// The object without the kind and the version that it begins with: the list's tell them.
    private static byte[] untyped(byte[] json) {
        int at = 1;
        for (var field : TYPE) {
            if (!Arrays.equals(json, at, Math.min(at + field.length, json.length), field, 0, field.length)) return json;
            at += field.length;
            while (at < json.length && json[at] != '"') at++;
            at += 2;
        }
        if (at >= json.length) return json;
        var result = new byte[json.length - at + 1];
        result[0] = '{';
        System.arraycopy(json, at, result, 1, json.length - at);
        return result;
    }

    private static void json(
            ResourceRequest request,
            SlowLane.Turn turn,
            String type,
            Map<String, Object> metadata,
            String items,
            Iterable<StoredObject> objects,
            Function<StoredObject, byte[]> encoder)
            throws IOException {
        var head = "{" + type + ",\"metadata\":" + Json.writeString(metadata) + "," + items + ":[";
        try (var out = new BatchedOutput(request, ContentTypes.JSON, turn)) {
            out.add(head.getBytes(StandardCharsets.UTF_8));
            boolean first = true;
            for (var stored : objects) {
                if (!first) out.add(COMMA);
                first = false;
                out.add(encoder.apply(stored));
            }
            out.add(END);
            out.end();
        }
    }

    /// A list's message consists of its elements' messages, so it can be sent part by part once their size is known.
    private void messages(ResourceRequest request, Page page, Map<String, Object> metadata, SlowLane.Turn turn)
            throws IOException {
        var endpoint = request.endpoint();
        var protobuf = request.response().protobuf();
        boolean partial = request.response().form().metadataOnly();
        var apiVersion = partial ? Rendering.META : endpoint.apiVersion();
        var objects = new ArrayList<StoredObject>();
        page.objects().forEach(objects::add);
        Function<StoredObject, byte[]> encoder = partial
                ? stored -> protobuf.message(apiVersion, "PartialObjectMetadata", rendering.metadata(stored.view()))
                : stored -> rendering.message(stored, endpoint, protobuf);
        var head = protobuf.listMetadata(metadata);
        long length = head.length;
        for (var stored : objects) {
            length += Protobuf.elementSize(encoder.apply(stored));
            turn.step();
        }
        var list = partial ? "PartialObjectMetadataList" : endpoint.kind().listKind();
        try (var out = new BatchedOutput(request, Protobuf.MEDIA_TYPE, turn)) {
            out.add(Protobuf.head(apiVersion, list, length));
            out.add(head);
            for (var stored : objects) {
                var message = encoder.apply(stored);
                out.add(Protobuf.elementHead(message));
                out.add(message);
            }
            out.add(Protobuf.tail());
            out.end();
        }
    }

    private void yaml(ResourceRequest request, Page page, Map<String, Object> metadata, SlowLane.Turn turn)
            throws IOException {
        boolean partial = request.response().form().metadataOnly();
        var list = Rendering.list(
                partial
                        ? "PartialObjectMetadataList"
                        : request.endpoint().kind().listKind(),
                partial ? Rendering.META : request.endpoint().apiVersion(),
                metadata,
                List.of());
        try (var out = new BatchedOutput(request, ContentTypes.YAML, turn)) {
            // In the order of the names, of which the elements are the second.
            out.add(text(Yaml.writeSorted(Trees.map(AnyObject.API_VERSION, list.remove(AnyObject.API_VERSION)))));
            list.remove(AnyObject.ITEMS);
            boolean none = true;
            for (var stored : page.objects()) {
                if (none) out.add(text(AnyObject.ITEMS + ":\n"));
                none = false;
                out.add(text(Yaml.writeElement(
                        partial ? rendering.metadata(stored.view()) : rendering.itemTree(stored, request.endpoint()))));
            }
            if (none) out.add(text(AnyObject.ITEMS + ": []\n"));
            out.add(text(Yaml.writeSorted(list)));
            out.end();
        }
    }

    private static byte[] text(String yaml) {
        return yaml.getBytes(StandardCharsets.UTF_8);
    }
}
