package io.navarch.expressions;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.TypeParamType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Kubernetes' own functions and structures for CEL, read from `functions.txt` and `types.txt`.
final class Declarations {
    private final Map<String, CelType> structures = new LinkedHashMap<>();

    Declarations() {
        for (var line : lines("types.txt")) {
            var words = line.split(" ");
            var fields = new LinkedHashMap<String, String>();
            for (int i = 1; i < words.length; i++) {
                int colon = words[i].indexOf(':');
                fields.put(words[i].substring(0, colon), words[i].substring(colon + 1));
            }
            declare(words[0], fields);
        }
    }

    /// These declarations, and structures of one environment.
    Declarations(Declarations base, Map<String, Map<String, String>> more) {
        structures.putAll(base.structures);
        more.forEach(this::declare);
    }

    // Types refer to each other, so fields are resolved lazily, when all types are declared.
    @SuppressWarnings("Immutable")
    private void declare(String name, Map<String, String> fields) {
        structures.put(
                name,
                StructType.create(
                        name,
                        ImmutableSet.copyOf(fields.keySet()),
                        field -> Optional.ofNullable(fields.get(field)).map(this::type)));
    }

    Map<String, CelType> structures() {
        return structures;
    }

    List<CelFunctionDecl> functions() {
        var overloads = new LinkedHashMap<String, List<CelOverloadDecl>>();
        for (var line : lines("functions.txt")) {
            int open = line.indexOf('(');
            int close = line.lastIndexOf(')');
            var head = line.substring(0, open);
            var arguments = new ArrayList<CelType>();
            for (var argument : split(line.substring(open + 1, close))) arguments.add(type(argument));
            var result = type(line.substring(close + 1).strip());
            // `format.named` and the like are functions with a dot in their names, not members of something.
            boolean member = head.indexOf('.') > 0 && !head.matches("(format|ip|jsonpatch|lists)\\..*");
            var name = member ? head.substring(head.lastIndexOf('.') + 1) : head;
            var id = line.replaceAll("[^A-Za-z0-9]+", "_");
            if (member) arguments.addFirst(type(head.substring(0, head.lastIndexOf('.'))));
            overloads
                    .computeIfAbsent(name, any -> new ArrayList<>())
                    .add(
                            member
                                    ? CelOverloadDecl.newMemberOverload(id, result, arguments)
                                    : CelOverloadDecl.newGlobalOverload(id, result, arguments));
        }
        var result = new ArrayList<CelFunctionDecl>();
        overloads.forEach((name, all) -> result.add(CelFunctionDecl.newFunctionDeclaration(name, all)));
        return result;
    }

    /// `string`, `list<T>`, `map<string,dyn>`, `kubernetes.URL`, …
    CelType type(String text) {
        int open = text.indexOf('<');
        if (open > 0) {
            var inner = split(text.substring(open + 1, text.length() - 1));
            return switch (text.substring(0, open)) {
                case "list" -> ListType.create(type(inner.getFirst()));
                case "optional" -> OptionalType.create(type(inner.getFirst()));
                default -> MapType.create(type(inner.get(0)), type(inner.get(1)));
            };
        }
        return switch (text) {
            case "bool" -> SimpleType.BOOL;
            case "int" -> SimpleType.INT;
            case "uint" -> SimpleType.UINT;
            case "double" -> SimpleType.DOUBLE;
            case "string" -> SimpleType.STRING;
            case "bytes" -> SimpleType.BYTES;
            case "timestamp" -> SimpleType.TIMESTAMP;
            case "duration" -> SimpleType.DURATION;
            case "null" -> SimpleType.NULL_TYPE;
            case "dyn" -> SimpleType.DYN;
            case "T" -> TypeParamType.create("T");
            default -> structures.containsKey(text) ? structures.get(text) : OpaqueType.create(text);
        };
    }

    /// Splits at the commas that are not in brackets.
    static List<String> split(String text) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '<') depth++;
            if (c == '>') depth--;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        if (start < text.length()) parts.add(text.substring(start));
        return parts;
    }

    private static List<String> lines(String resource) {
        try (var stream = Declarations.class.getResourceAsStream(resource)) {
            var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
