package io.navarch.objects;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Makes an object tree of a YAML document. What is named and used again becomes a copy each time, and a few lines can
/// name what is made of names: as in Go's decoder, the share of such copies is limited, the more so the larger all is.
final class YamlTree {
    /// So few copies, or nodes in all, are never too many.
    private static final int FREE_COPIES = 100;

    private static final int FREE_NODES = 1000;
    /// From here on fewer and fewer of all nodes may be copies…
    private static final double SMALL = 400_000;
    /// … until here.
    private static final double LARGE = 4_000_000;

    private static final double MOST = 0.99;
    private static final double LEAST = 0.10;

    /// What a plain scalar has that says nothing of its type.
    static final Tag UNTAGGED = new Tag("!untagged");

    private static final Set<Tag> RESOLVED = Set.of(Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);

    /// Where duplicate keys go; without it they are an error.
    private final Optional<Json.Duplicates> duplicates;

    /// The named nodes that were seen.
    private final Set<Node> named = new HashSet<>();

    /// The named nodes that are being read.
    private final Set<Node> open = new HashSet<>();

    private int nodes;
    private int copies;
    private int depth;

    private YamlTree(Optional<Json.Duplicates> duplicates) {
        this.duplicates = duplicates;
    }

    static @Nullable Object strict(Node document) {
        return new YamlTree(Optional.empty()).tree(document);
    }

    static Json.Document read(Node document) {
        var duplicates = new Json.Duplicates();
        var tree = new YamlTree(Optional.of(duplicates)).tree(document);
        return new Json.Document(tree, duplicates.found());
    }

    private @Nullable Object tree(Node node) {
        count();
        if (node.getAnchor() == null) return value(node);
        if (!open.add(node))
            throw new Json.MalformedException("yaml: anchor '" + node.getAnchor() + "' value contains itself");
        boolean copy = !named.add(node);
        if (copy) {
            depth++;
            count();
        }
        var result = value(node);
        if (copy) depth--;
        open.remove(node);
        return result;
    }

    private void count() {
        nodes++;
        if (depth > 0) copies++;
        if (copies > FREE_COPIES && nodes > FREE_NODES && copies > nodes * allowed())
            throw new Json.MalformedException("yaml: document contains excessive aliasing");
    }

    private double allowed() {
        double share = MOST - (MOST - LEAST) * (nodes - SMALL) / (LARGE - SMALL);
        return Math.clamp(share, LEAST, MOST);
    }

    private @Nullable Object value(Node node) {
        return switch (node) {
            case MappingNode mapping -> map(mapping);
            case SequenceNode sequence -> {
                var list = new ArrayList<Object>();
                for (var element : sequence.getValue()) list.add(tree(element));
                yield list;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new Json.MalformedException("yaml: unsupported node " + node.getTag());
        };
    }

    private Map<String, Object> map(MappingNode mapping) {
        var map = new LinkedHashMap<String, Object>();
        var own = new LinkedHashMap<String, Object>();
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key))
                throw new Json.MalformedException("yaml: invalid map key: a key is a text or a number");
            count();
            var value = tree(tuple.getValueNode());
            if (key.getTag().equals(Tag.MERGE)
                    || key.getValue().equals("<<") && key.getTag().equals(UNTAGGED)) merge(map, value);
            else {
                if (own.containsKey(key.getValue())) again(key);
                own.put(key.getValue(), value);
            }
        }
        map.putAll(own);
        return map;
    }

    private void again(ScalarNode key) {
        duplicates
                .orElseThrow(
                        () -> new Json.MalformedException("yaml: key \"" + key.getValue() + "\" already set in map"))
                .add(
                        key.getValue().length(),
                        () -> new Json.Duplicate.Key(key.getStartMark().getLine() + 1, key.getValue()));
    }

    private static void merge(Map<String, Object> into, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) map.forEach((key, entry) -> into.putIfAbsent((String) key, entry));
        if (value instanceof List<?> list) list.forEach(element -> merge(into, element));
    }

    private static @Nullable Object scalar(ScalarNode node) {
        var text = node.getValue();
        var tag = node.getTag();
        if (tag.equals(Tag.BINARY)) return binary(text);
        return tag.equals(UNTAGGED) || RESOLVED.contains(tag) ? YamlScalars.resolve(text) : text;
    }

    private static String binary(String text) {
        try {
            var encoded = text.replace("\n", "").replace("\r", "");
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Json.MalformedException("yaml: !!binary value contains invalid base64 data");
        }
    }
}
