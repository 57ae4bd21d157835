package io.navarch.apiserver.discovery;

import io.navarch.apiserver.delegation.OtherServers;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.protobuf.OpenApiProtobuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// `/openapi/v2` in one encoding: a part about all built-in kinds and one about each custom kind, which is only made
/// anew when its definition changes. However many there are, a change costs as much as the kind that has changed.
final class Swagger {
    /// How parts become a document.
    interface Encoding {
        Part encode(Map<String, Object> paths, Map<String, Object> definitions);

        List<byte[]> join(Map<String, Object> head, List<Part> parts);
    }

    /// @param paths may be all of the part, where an encoding has it in one
    record Part(byte[] paths, byte[] definitions, byte[] digest) {
        static Part of(byte[] paths, byte[] definitions) {
            return new Part(paths, definitions, Published.digest(List.of(paths, definitions)));
        }
    }

    static final Encoding JSON = new Encoding() {
        @Override
        public Part encode(Map<String, Object> paths, Map<String, Object> definitions) {
            return Part.of(inside(Json.write(paths)), inside(Json.write(definitions)));
        }

        @Override
        public List<byte[]> join(Map<String, Object> head, List<Part> parts) {
            var written = Json.writeString(head);
            var result = new ArrayList<byte[]>();
            result.add(ascii(written.substring(0, written.length() - 1) + ",\"paths\":{"));
            list(parts.stream().map(Part::paths).toList(), result);
            result.add(ascii("},\"definitions\":{"));
            list(parts.stream().map(Part::definitions).toList(), result);
            result.add(ascii("}}"));
            return result;
        }

        private static void list(List<byte[]> entries, List<byte[]> into) {
            boolean first = true;
            for (var each : entries) {
                if (each.length == 0) continue;
                if (!first) into.add(ascii(","));
                into.add(each);
                first = false;
            }
        }

        private static byte[] inside(byte[] object) {
            return Arrays.copyOfRange(object, 1, object.length - 1);
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    };

    /// Messages that stand one behind the other are one message with the entries of all.
    static final Encoding PROTOBUF = new Encoding() {
        @Override
        public Part encode(Map<String, Object> paths, Map<String, Object> definitions) {
            var encoded = OpenApiProtobuf.encode(Trees.map("paths", paths, "definitions", definitions));
            return Part.of(encoded, new byte[0]);
        }

        @Override
        public List<byte[]> join(Map<String, Object> head, List<Part> parts) {
            var result = new ArrayList<byte[]>();
            result.add(OpenApiProtobuf.encode(head));
            for (var part : parts) result.add(part.paths);
            return result;
        }
    };

    /// A kind in one of its versions.
    private record About(KindDefinition kind, String version) {}

    private record Documented(Map<String, Object> paths, Map<String, Object> definitions) {}

    private final TypeNames names;
    private final Encoding encoding;
    /// Guarded by the monitor, as everything below.
    private Map<List<About>, Part> parts = Map.of();

    private long generation = -1;
    private Published document = Published.of(new byte[0]);

    Swagger(TypeNames names, Encoding encoding) {
        this.names = names;
        this.encoding = encoding;
    }

    /// @param others whose documents are added
    synchronized Published of(List<ServedVersion> served, OtherServers others) {
        var builtIn = served.stream().filter(each -> !each.kind().custom()).toList();
        var custom = served.stream()
                .filter(each -> each.kind().custom())
                .collect(Collectors.groupingBy(ServedVersion::kind, LinkedHashMap::new, Collectors.toList()));
        var next = new LinkedHashMap<List<About>, Part>();
        take(builtIn, next);
        custom.values().forEach(versions -> take(versions, next));
        long changes = others.generation();
        if (changes == generation && next.keySet().equals(parts.keySet())) return document;
        parts = next;
        generation = changes;
        var all = new ArrayList<>(next.values());
        var added = others.openApi2();
        if (!added.isEmpty()) all.add(ofOthers(builtIn, added));
        var digests = all.stream().map(Part::digest).toList();
        document = new Published(
                encoding.join(ResourcePaths.head("swagger", "2.0"), all), Published.hex(Published.digest(digests)));
        return document;
    }

    private void take(List<ServedVersion> versions, Map<List<About>, Part> into) {
        var about = versions.stream()
                .map(each -> new About(each.kind(), each.version().name()))
                .toList();
        var known = parts.get(about);
        if (known == null) {
            var made = document(versions);
            known = encoding.encode(made.paths, made.definitions);
        }
        into.put(about, known);
    }

    private Documented document(List<ServedVersion> versions) {
        var writer = new SchemaWriter(names, "#/definitions/");
        var paths = new TreeMap<String, Object>();
        var described = new HashSet<String>();
        for (var version : versions) described.addAll(ResourcePaths.describe(version, writer, paths));
        // What custom kinds refer to is told among the built-in ones.
        if (versions.stream().allMatch(each -> each.kind().custom()))
            writer.schemas().keySet().retainAll(described);
        return new Documented(paths, writer.schemas());
    }

    /// What others add to the document of the built-in kinds.
    private Part ofOthers(List<ServedVersion> builtIn, List<Map<String, Object>> others) {
        var own = document(builtIn);
        var paths = new TreeMap<>(own.paths);
        var definitions = new TreeMap<>(own.definitions);
        for (var other : others) MergedOpenApi.add(other, paths, definitions);
        paths.keySet().removeAll(own.paths.keySet());
        definitions.keySet().removeAll(own.definitions.keySet());
        return encoding.encode(paths, definitions);
    }
}
