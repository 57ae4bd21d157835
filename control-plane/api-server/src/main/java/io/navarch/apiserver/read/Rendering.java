package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.request.MediaType;
import io.navarch.model.AnyObject;
import io.navarch.model.ListMeta;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Encoded;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.Column;
import io.navarch.schema.ColumnList;
import io.navarch.schema.protobuf.Protobuf;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Turns stored objects into the form that a client asked for: the served version, a `Table`, or metadata alone.
public final class Rendering {
    /// The version of the forms that any object can be shown in.
    static final String META = "meta.k8s.io/v1";

    private final InstantSource clock;

    public Rendering(InstantSource clock) {
        this.clock = clock;
    }

    /// The JSON of the object in the endpoint's version: the stored bytes themselves where that is the stored version.
    public byte[] json(StoredObject stored, Endpoint endpoint) {
        return encoded(stored, endpoint).json();
    }

    /// An object in a list. The list says of what type the objects of built-in kinds are; those of custom kinds say it
    /// themselves.
    public Map<String, Object> itemTree(StoredObject stored, Endpoint endpoint) {
        var tree = tree(stored, endpoint);
        if (!endpoint.kind().custom()) tree.keySet().removeAll(List.of(AnyObject.KIND, AnyObject.API_VERSION));
        return tree;
    }

    Encoded encoded(StoredObject stored, Endpoint endpoint) {
        if (endpoint.asks()) return endpoint.shown(stored).object();
        return endpoint.converts() ? Encoded.of(Json.write(tree(stored, endpoint))) : stored.object();
    }

    public Map<String, Object> tree(StoredObject stored, Endpoint endpoint) {
        return endpoint.tree(stored);
    }

    /// The object's protobuf message in the endpoint's version.
    public byte[] message(StoredObject stored, Endpoint endpoint, Protobuf protobuf) {
        var kind = endpoint.kind().kind();
        if (endpoint.converts()) return protobuf.message(endpoint.apiVersion(), kind, tree(stored, endpoint));
        return stored.message().orElse(() -> protobuf.message(endpoint.apiVersion(), kind, stored.tree()));
    }

    public Map<String, Object> metadata(View object) {
        return metadata(object, META);
    }

    static Map<String, Object> metadata(View object, String version) {
        return object("PartialObjectMetadata", version, object.metadata().map());
    }

    /// The version of these forms that a client asked for; there is an older name for the same.
    static String meta(MediaType form) {
        return form.version().equals("v1beta1") ? "meta.k8s.io/v1beta1" : META;
    }

    static Map<String, Object> object(String kind, String apiVersion, Map<String, Object> metadata) {
        return Trees.map(AnyObject.KIND, kind, AnyObject.API_VERSION, apiVersion, AnyObject.METADATA, metadata);
    }

    public static Map<String, Object> list(
            String kind, String apiVersion, Map<String, Object> metadata, List<Object> items) {
        var list = object(kind, apiVersion, metadata);
        list.put(AnyObject.ITEMS, items);
        return list;
    }

    /// The metadata of a list that is complete.
    public static Map<String, Object> listMetadata(String version) {
        return Trees.map(ListMeta.RESOURCE_VERSION, version);
    }

    /// A Table of these objects. Column definitions can be left out, as they are in all watch events but the first.
    public Map<String, Object> table(
            List<Map<String, Object>> objects,
            Endpoint endpoint,
            Map<String, Object> listMetadata,
            String include,
            boolean definitions,
            MediaType form) {
        return table(objects, columns(endpoint), listMetadata, include, definitions, form);
    }

    Map<String, Object> table(
            List<Map<String, Object>> objects,
            List<Column> columns,
            Map<String, Object> listMetadata,
            String include,
            boolean definitions,
            MediaType form) {
        var rows = new ArrayList<Object>();
        for (var object : objects) rows.add(row(View.of(object), columns, include, meta(form)));
        var table = object("Table", meta(form), listMetadata);
        table.put("columnDefinitions", definitions ? headers(columns) : List.of());
        table.put("rows", rows);
        return table;
    }

    public List<Column> columns(Endpoint endpoint) {
        var columns = endpoint.version().columns();
        return columns.isEmpty() ? DEFAULT_COLUMNS : columns;
    }

    public List<Object> headers(List<Column> columns) {
        var headers = new ArrayList<Object>();
        for (var column : columns) {
            headers.add(Trees.map(
                    "name",
                    column.name(),
                    "type",
                    column.type().equals("name") ? "string" : column.type(),
                    "format",
                    column.type().equals("name") ? "name" : "",
                    "description",
                    column.description(),
                    "priority",
                    (long) column.priority()));
        }
        return headers;
    }

    private static final List<Column> DEFAULT_COLUMNS = List.of(
            new Column("Name", "name", 0, ColumnList.NAME, (object, now) -> object.name()),
            new Column(
                    "Created At",
                    "date",
                    0,
                    ColumnList.CREATED,
                    (object, now) ->
                            object.metadata().get(ObjectMeta.CREATION_TIMESTAMP).string()));

    /// One row of a Table.
    Map<String, Object> row(View object, List<Column> columns, String include, String version) {
        var cells = new ArrayList<Object>();
        var now = clock.instant();
        for (var column : columns) cells.add(column.cell().of(object, now));
        var row = Trees.map("cells", cells);
        switch (include) {
            case "None" -> row.put("object", null);
            case "Object" -> row.put("object", object.map());
            default -> row.put("object", metadata(object, version));
        }
        return row;
    }
}
