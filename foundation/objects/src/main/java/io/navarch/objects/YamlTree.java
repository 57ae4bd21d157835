package io.navarch.objects;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;

/// Makes object trees of YAML documents, straight from the parser's events: the library's own nodes take a hundred
/// times the memory of their text. What is named and used again becomes a copy each time, and a few lines can name what
/// is made of names: as in Go's decoder, the share of such copies is limited, the more so the larger all is.
final class YamlTree {
    /// Go's parser stops at 10 000; objects need fewer than 100.
    private static final int MAX_DEPTH = 500;

    /// So few copies, or nodes in all, are never too many.
    private static final int FREE_COPIES = 100;

    private static final int FREE_NODES = 1000;
    /// From here on fewer and fewer of all nodes may be copies…
    private static final double SMALL = 400_000;
    /// … until here.
    private static final double LARGE = 4_000_000;

    private static final double MOST = 0.99;
    private static final double LEAST = 0.10;

    private static final String MERGE = "<<";
    private static final Set<String> RESOLVED =
            Set.of(Tag.INT.getValue(), Tag.FLOAT.getValue(), Tag.BOOL.getValue(), Tag.NULL.getValue());

    /// What an anchor names.
    ///
    /// @param text of a scalar, as it is written
    /// @param size how many nodes there are in it
    /// @param height how deep it is nested
    /// @param whole false while it is still being read
    private record Named(
            @Nullable Object value, Optional<String> text, boolean merge, int size, int height, boolean whole) {}

    /// A key as it is written.
    private record Key(String text, boolean merge, int line) {}

    private final Parser events;
    /// Where duplicate keys go; without it they are an error.
    private final Optional<Json.Duplicates> duplicates;

    private final Map<String, Named> anchors = new HashMap<>();
    private int nodes;
    private int copies;
    private int depth;
    /// The deepest level that was reached since the last named value began.
    private int deepest;

    private YamlTree(Parser events, Optional<Json.Duplicates> duplicates) {
        this.events = events;
        this.duplicates = duplicates;
        events.getEvent();
    }

    /// All documents, in which no key may be there twice.
    static YamlTree strict(Parser events) {
        return new YamlTree(events, Optional.empty());
    }

    /// The first document.
    static Json.Document first(Parser events) {
        var duplicates = new Json.Duplicates();
        var trees = new YamlTree(events, Optional.of(duplicates));
        return trees.more() ? new Json.Document(trees.next(), duplicates.found()) : new Json.Document(null, List.of());
    }

    boolean more() {
        return !events.checkEvent(Event.ID.StreamEnd);
    }

    /// The next document.
    @Nullable
    Object next() {
        events.getEvent();
        anchors.clear();
        nodes = 0;
        copies = 0;
        var tree = tree();
        events.getEvent();
        return tree;
    }

    private @Nullable Object tree() {
        var event = (NodeEvent) events.getEvent();
        count(1);
        if (event instanceof AliasEvent alias) return copy(alias);
        var anchor = event.getAnchor();
        if (anchor != null) anchors.put(anchor, new Named(null, Optional.empty(), false, 0, 0, false));
        int before = nodes;
        int outside = deepest;
        deepest = depth;
        var value = switch (event) {
            case MappingStartEvent mapping -> nested(mapping);
            case SequenceStartEvent sequence -> nested(sequence);
            case ScalarEvent scalar -> scalar(scalar);
            default -> throw new Json.MalformedException("yaml: unsupported event " + event.getEventId());
        };
        if (anchor != null) {
            var text = event instanceof ScalarEvent scalar ? Optional.of(scalar.getValue()) : Optional.<String>empty();
            boolean merge = event instanceof ScalarEvent scalar && merges(scalar);
            anchors.put(anchor, new Named(value, text, merge, nodes - before, deepest - depth, true));
        }
        deepest = Math.max(outside, deepest);
        return value;
    }

    private Named named(AliasEvent alias) {
        var named = anchors.get(alias.getAnchor());
        if (named == null) {
            int line = alias.getStartMark().getLine() + 1;
            throw new Json.MalformedException("yaml: line " + line + ": found undefined alias " + alias.getAnchor());
        }
        if (!named.whole)
            throw new Json.MalformedException("yaml: anchor '" + alias.getAnchor() + "' value contains itself");
        return named;
    }

    private @Nullable Object copy(AliasEvent alias) {
        var named = named(alias);
        copies += named.size + 1;
        count(named.size + 1);
        reached(depth + named.height);
        return Trees.copyOf(named.value);
    }

    private void count(int more) {
        nodes += more;
        if (copies > FREE_COPIES && nodes > FREE_NODES && copies > nodes * allowed())
            throw new Json.MalformedException("yaml: document contains excessive aliasing");
    }

    private double allowed() {
        double share = MOST - (MOST - LEAST) * (nodes - SMALL) / (LARGE - SMALL);
        return Math.clamp(share, LEAST, MOST);
    }

    private Object nested(Event start) {
        reached(++depth);
        var value = start instanceof MappingStartEvent ? map() : list();
        depth--;
        return value;
    }

    private void reached(int level) {
        if (level > MAX_DEPTH) throw new Json.MalformedException("yaml: exceeded max depth of " + MAX_DEPTH);
        deepest = Math.max(deepest, level);
    }

    private List<Object> list() {
        var list = new ArrayList<Object>();
        while (!events.checkEvent(Event.ID.SequenceEnd)) list.add(tree());
        events.getEvent();
        return list;
    }

    private Map<String, Object> map() {
        var merged = new LinkedHashMap<String, Object>();
        var own = new LinkedHashMap<String, Object>();
        while (!events.checkEvent(Event.ID.MappingEnd)) {
            var key = key();
            var value = tree();
            if (key.merge) {
                merge(merged, value);
                continue;
            }
            if (own.containsKey(key.text)) again(key);
            own.put(key.text, value);
        }
        events.getEvent();
        if (merged.isEmpty()) return own;
        merged.putAll(own);
        return merged;
    }

    private Key key() {
        var event = events.getEvent();
        count(1);
        int line = event.getStartMark().getLine() + 1;
        if (event instanceof AliasEvent alias) {
            var named = named(alias);
            return new Key(named.text.orElseThrow(YamlTree::noKey), named.merge, line);
        }
        if (!(event instanceof ScalarEvent scalar)) throw noKey();
        var text = scalar.getValue();
        if (scalar.getAnchor() != null)
            anchors.put(scalar.getAnchor(), new Named(scalar(scalar), Optional.of(text), merges(scalar), 0, 0, true));
        return new Key(text, merges(scalar), line);
    }

    private static Json.MalformedException noKey() {
        return new Json.MalformedException("yaml: invalid map key: a key is a text or a number");
    }

    private static boolean merges(ScalarEvent scalar) {
        var tag = scalar.getTag();
        return Tag.MERGE.getValue().equals(tag) || scalar.getValue().equals(MERGE) && plain(scalar);
    }

    /// Whether nothing says what it is.
    private static boolean plain(ScalarEvent scalar) {
        return untagged(scalar) && scalar.getImplicit().canOmitTagInPlainScalar();
    }

    private static boolean untagged(ScalarEvent scalar) {
        var tag = scalar.getTag();
        return tag == null || tag.equals("!");
    }

    private void again(Key key) {
        duplicates
                .orElseThrow(() -> new Json.MalformedException("yaml: key \"" + key.text + "\" already set in map"))
                .add(key.text.length(), () -> new Json.Duplicate.Key(key.line, key.text));
    }

    private static void merge(Map<String, Object> into, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) map.forEach((key, entry) -> into.putIfAbsent((String) key, entry));
        if (value instanceof List<?> list) list.forEach(element -> merge(into, element));
    }

    private static @Nullable Object scalar(ScalarEvent scalar) {
        var text = scalar.getValue();
        if (untagged(scalar)) return plain(scalar) ? YamlScalars.resolve(text) : text;
        if (scalar.getTag().equals(Tag.BINARY.getValue())) return binary(text);
        return RESOLVED.contains(scalar.getTag()) ? YamlScalars.resolve(text) : text;
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
