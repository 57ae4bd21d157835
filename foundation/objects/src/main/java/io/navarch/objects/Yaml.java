package io.navarch.objects;

import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.representer.Representer;

/// YAML to object tree, with scalars resolved as kubectl (sigs.k8s.io/yaml) resolves them: `yes`, `on` and `y` are
/// booleans, `0o14` and `014` are 12, `1:30` and dates are strings, `<<` merges.
public final class Yaml {
    /// What YAML takes for a time.
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d?-\\d\\d?([Tt ].*)?");

    /// Where lines are broken.
    private static final int WIDTH = 80;

    private static final String ELEMENT = "- ";

    /// Where a line begins that has something in it, and is not the first.
    private static final Pattern INNER_LINE = Pattern.compile("(\\n)(?=[^\\n])");

    private Yaml() {}

    /// All documents of a stream; empty ones are left out.
    ///
    /// @throws Json.MalformedException for duplicate keys, too
    public static List<Object> parseAll(String text) {
        return reading(() -> {
            var result = new ArrayList<Object>();
            var trees = YamlTree.strict(parser(text));
            while (trees.more()) {
                var tree = trees.next();
                if (tree != null) result.add(tree);
            }
            return result;
        });
    }

    /// Reads the first document of what a client sent, and nothing of what follows it. Duplicate keys are reported, and
    /// the last value wins.
    public static Json.Document read(byte[] bytes) {
        var text = text(bytes);
        return reading(() -> YamlTree.first(parser(text)));
    }

    private static String text(byte[] bytes) {
        try {
            return Utf8.strict(bytes);
        } catch (CharacterCodingException e) {
            throw new Json.MalformedException("yaml: invalid leading UTF-8 octet");
        }
    }

    private static Parser parser(String text) {
        var options = new LoaderOptions();
        options.setCodePointLimit(text.length() + 1);
        return new ParserImpl(new YamlText(text), options);
    }

    private static <T> T reading(Supplier<T> read) {
        try {
            return read.get();
        } catch (MarkedYAMLException e) {
            throw new Json.MalformedException("yaml: " + explained(e));
        } catch (YAMLException e) {
            throw new Json.MalformedException("yaml: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            // The library does not expect all that tags and escapes can be.
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
        return writeSorted(tree, 0);
    }

    /// The same as an element of a list.
    public static String writeElement(@Nullable Object tree) {
        var text = writeSorted(tree, ELEMENT.length());
        return ELEMENT + INNER_LINE.matcher(text).replaceAll("$1  ");
    }

    private static String writeSorted(@Nullable Object tree, int indent) {
        var options = new DumperOptions();
        options.setWidth(WIDTH - indent);
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        var representer = new Representer(options) {
            @Override
            protected Node representScalar(Tag tag, String value, DumperOptions.ScalarStyle style) {
                boolean text = tag.equals(Tag.STR);
                boolean lines = text && value.contains("\n");
                boolean other = text
                        && !lines
                        && (!value.equals(YamlScalars.resolve(value))
                                || TIME.matcher(value).matches());
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
}
