package io.navarch.objects;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/// YAML to object tree, with scalars resolved as kubectl (sigs.k8s.io/yaml) resolves them: `yes`, `on` and `y` are
/// booleans, `0o14` and `014` are 12, `1:30` and dates are strings, `<<` merges.
public final class Yaml {
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    private static final Pattern OCTAL = Pattern.compile("[-+]?0o?[0-7_]+");
    private static final Pattern HEX = Pattern.compile("[-+]?0x[0-9a-fA-F_]+");
    private static final Pattern BINARY = Pattern.compile("[-+]?0b[01_]+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    /// What YAML takes for a time.
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d?-\\d\\d?([Tt ].*)?");

    private Yaml() {}

    /// All documents of a stream; empty ones are left out.
    public static List<Object> parseAll(String text) {
        return parseAll(text, Optional.empty());
    }

    /// Reads the first document of what a client sent. Duplicate keys are reported, and the last value wins.
    public static Json.Document read(String text) {
        var duplicates = new ArrayList<Json.Duplicate>();
        var documents = parseAll(text, Optional.of(duplicates));
        return new Json.Document(documents.isEmpty() ? null : documents.getFirst(), duplicates);
    }

    /// @param duplicates collects duplicate keys; without it they are an error
    private static List<Object> parseAll(String text, Optional<List<Json.Duplicate>> duplicates) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setCodePointLimit(64 << 20);
        options.setNestingDepthLimit(200);
        var yaml = new org.yaml.snakeyaml.Yaml(options);
        try {
            var result = new ArrayList<Object>();
            for (var node : yaml.composeAll(new StringReader(text))) {
                var tree = tree(node, "", duplicates);
                if (tree != null) result.add(tree);
            }
            return result;
        } catch (MarkedYAMLException e) {
            throw new Json.MalformedException("yaml: " + explained(e));
        } catch (YAMLException e) {
            throw new Json.MalformedException("yaml: " + e.getMessage());
        }
    }

    /// Where and what, as Go's parser says it.
    private static String explained(MarkedYAMLException e) {
        var mark = e.getProblemMark();
        var where = mark == null ? "" : "line " + (mark.getLine() + 1) + ": ";
        var problem = String.valueOf(e.getProblem()).replaceFirst(",? but (found|got) .*", "");
        if (problem.startsWith("expected ")) {
            var wanted = problem.substring("expected ".length()).replaceFirst("^the ", "expected ");
            problem = "did not find " + (wanted.startsWith("expected ") ? wanted : "expected " + wanted);
        }
        return where + problem.strip();
    }

    public static @Nullable Object parse(String text) {
        var documents = parseAll(text);
        return documents.isEmpty() ? null : documents.getFirst();
    }

    /// YAML as the published API writes it: fields in order of their names, texts in double quotes where they would
    /// read as something else, and on several lines where they are long.
    public static String writeSorted(@Nullable Object tree) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        var representer = new Representer(options) {
            @Override
            protected Node representScalar(Tag tag, String value, DumperOptions.ScalarStyle style) {
                boolean text = tag.equals(Tag.STR);
                boolean lines = text && value.contains("\n");
                boolean other = text
                        && !lines
                        && (!value.equals(resolve(value)) || TIME.matcher(value).matches());
                return super.representScalar(
                        tag,
                        value,
                        lines
                                ? DumperOptions.ScalarStyle.LITERAL
                                : other ? DumperOptions.ScalarStyle.DOUBLE_QUOTED : style);
            }
        };
        return new org.yaml.snakeyaml.Yaml(representer, options).dump(Trees.sorted(tree));
    }

    public static String write(@Nullable Object tree) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return new org.yaml.snakeyaml.Yaml(options).dump(tree);
    }

    private static @Nullable Object tree(Node node, String path, Optional<List<Json.Duplicate>> duplicates) {
        return switch (node) {
            case MappingNode mapping -> {
                var map = new LinkedHashMap<String, Object>();
                var own = new LinkedHashMap<String, Object>();
                for (var tuple : mapping.getValue()) {
                    if (!(tuple.getKeyNode() instanceof ScalarNode key))
                        throw new Json.MalformedException("yaml: invalid map key: a key is a text or a number");
                    var at = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
                    var value = tree(tuple.getValueNode(), at, duplicates);
                    if (key.getTag().equals(Tag.MERGE) || key.getValue().equals("<<") && key.isPlain())
                        merge(map, value);
                    else if (own.put(key.getValue(), value) != null) {
                        var again = "yaml: key \"" + key.getValue() + "\" already set in map";
                        duplicates
                                .orElseThrow(() -> new Json.MalformedException(again))
                                .add(new Json.Duplicate.Key(key.getStartMark().getLine() + 1, key.getValue()));
                    }
                }
                map.putAll(own);
                yield map;
            }
            case SequenceNode sequence -> {
                var list = new ArrayList<Object>();
                for (var element : sequence.getValue()) {
                    list.add(tree(element, path + "[" + list.size() + "]", duplicates));
                }
                yield list;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new Json.MalformedException("yaml: unsupported node " + node.getTag());
        };
    }

    private static void merge(Map<String, Object> into, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) map.forEach((key, entry) -> into.putIfAbsent((String) key, entry));
        if (value instanceof List<?> list) list.forEach(element -> merge(into, element));
    }

    private static @Nullable Object scalar(ScalarNode node) {
        var text = node.getValue();
        if (node.getTag().equals(Tag.BINARY)) {
            return new String(Base64.getMimeDecoder().decode(text), StandardCharsets.UTF_8);
        }
        if (!node.isPlain() || node.getTag().equals(Tag.STR) && node.getValue().isEmpty()) return text;
        return resolve(text);
    }

    static @Nullable Object resolve(String text) {
        switch (text) {
            case "", "~", "null", "Null", "NULL" -> {
                return null;
            }
            case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y" -> {
                return true;
            }
            case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N" -> {
                return false;
            }
            default -> {}
        }
        char first = text.charAt(0);
        if (first != '-' && first != '+' && first != '.' && (first < '0' || first > '9')) return text;
        try {
            if (DECIMAL.matcher(text).matches())
                return Long.parseLong(text.replace("_", "").replace("+", ""));
            if (OCTAL.matcher(text).matches()) return radix(text.replaceFirst("0o?", ""), 8);
            if (HEX.matcher(text).matches()) return radix(text.replaceFirst("0x", ""), 16);
            if (BINARY.matcher(text).matches()) return radix(text.replaceFirst("0b", ""), 2);
            if (FLOAT.matcher(text).matches()) return Double.parseDouble(text);
        } catch (NumberFormatException tooLarge) {
            return Double.parseDouble(text.replace("_", ""));
        }
        return text;
    }

    private static Long radix(String digits, int radix) {
        return Long.parseLong(digits.replace("_", "").replace("+", ""), radix);
    }
}
