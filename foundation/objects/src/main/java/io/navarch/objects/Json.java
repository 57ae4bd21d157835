package io.navarch.objects;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// JSON to object tree and back. Integers become `Long`, other finite numbers `Double`.
public final class Json {
    /// Refuses deeper documents before the stack is at risk. encoding/json stops at 10 000; objects need fewer than
    /// 100.
    private static final int MAX_DEPTH = 500;

    /// For what clients send ([#read]). What the server writes itself may be a little deeper, since an object's managed
    /// fields repeat its structure below its metadata, and their names contain values.
    private static final JsonFactory STRICT = factory(MAX_DEPTH);

    private static final JsonFactory FACTORY = factory(MAX_DEPTH + 100);

    private static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxStringLength(16 << 20)
                        .maxNameLength(16 << 20)
                        .maxNumberLength(400)
                        .build())
                .build();
    }

    private Json() {}

    /// A parsed document, and its duplicate keys (the last value wins).
    public record Document(@Nullable Object tree, List<Duplicate> duplicates) {}

    /// A key that was there before.
    public sealed interface Duplicate {
        /// What is said of it.
        String complaint();

        /// A field of an object.
        ///
        /// @param others how many keys the object had when this one came again
        record Field(String path, int others) implements Duplicate {
            /// Whether it is one of these fields or stands inside of one.
            public boolean inside(List<String> fields) {
                return fields.stream().anyMatch(this::inside);
            }

            private boolean inside(String field) {
                if (!path.startsWith(field)) return false;
                int end = field.length();
                return path.length() == end || path.charAt(end) == '.' || path.charAt(end) == '[';
            }

            @Override
            public String complaint() {
                return "duplicate field \"" + path + "\"";
            }
        }

        /// A key in YAML, whose reader minds before anybody knows the fields.
        record Key(int line, String name) implements Duplicate {
            @Override
            public String complaint() {
                return "line " + line + ": key \"" + name + "\" already set in map";
            }
        }

        /// A key in a document that says how to change an object.
        record InPatch(String complaint) implements Duplicate {}
    }

    /// Collects the keys that a document has twice, as many as anybody could want to be told of: a document of
    /// a million doubled keys below a name of a million characters must not become texts of a million million.
    static final class Duplicates {
        private static final int MOST = 250;
        private static final long LONGEST = 1 << 20;

        private final List<Duplicate> found = new ArrayList<>(0);
        private long characters;

        /// @param length how many characters it takes to tell
        void add(int length, Supplier<Duplicate> duplicate) {
            if (found.size() >= MOST || characters > LONGEST) return;
            characters += length;
            found.add(duplicate.get());
        }

        List<Duplicate> found() {
            return found;
        }
    }

    /// Malformed JSON; the message says where.
    public static final class MalformedException extends RuntimeException {
        public MalformedException(String message) {
            super(message);
        }
    }

    public static @Nullable Object parse(byte[] bytes) {
        return read(bytes, FACTORY).tree();
    }

    public static @Nullable Object parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> parseMap(byte[] bytes) {
        if (parse(bytes) instanceof Map<?, ?> map) return (Map<String, Object>) map;
        throw new MalformedException("the document is not an object");
    }

    /// An object without `metadata.managedFields`, which take as much space as all the rest and are read only
    /// by whoever writes the object.
    public static Map<String, Object> parseUnmanaged(byte[] bytes) {
        var read = ManagedFieldsCut.of(bytes);
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), read)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("the document is not an object");
            }
            var object = new LinkedHashMap<String, Object>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                var name = parser.currentName();
                boolean metadata = parser.nextToken() == JsonToken.START_OBJECT && name.equals("metadata");
                object.put(name, metadata ? unmanaged(parser) : value(parser, new Duplicates()));
            }
            return object;
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private static Map<String, Object> unmanaged(JsonParser parser) {
        var metadata = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            parser.nextToken();
            if (name.equals("managedFields")) parser.skipChildren();
            else metadata.put(name, value(parser, new Duplicates()));
        }
        return metadata;
    }

    /// Reads what a client sent, with stricter limits.
    public static Document read(byte[] bytes) {
        var document = read(bytes, STRICT);
        return Surrogates.escaped(bytes)
                ? new Document(Surrogates.replaced(document.tree), document.duplicates)
                : document;
    }

    private static Document read(byte[] bytes, JsonFactory factory) {
        try (var parser = factory.createParser(ObjectReadContext.empty(), bytes)) {
            return read(parser);
        } catch (JacksonException e) {
            throw JsonSyntax.error(bytes).map(MalformedException::new).orElseGet(() -> malformed(e));
        } catch (MalformedException e) {
            throw JsonSyntax.error(bytes).map(MalformedException::new).orElse(e);
        }
    }

    public static @Nullable Object parse(InputStream stream) {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), stream)) {
            return read(parser).tree();
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    private static MalformedException malformed(JacksonException e) {
        if (e instanceof StreamConstraintsException && e.getOriginalMessage().startsWith("Document nesting depth"))
            return new MalformedException("exceeded max depth");
        var where = e.getLocation();
        var line = where == null ? "" : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")";
        return new MalformedException(e.getOriginalMessage() + line);
    }

    private static Document read(JsonParser parser) {
        var duplicates = new Duplicates();
        if (parser.nextToken() == null) throw new MalformedException("unexpected end of JSON input");
        var tree = value(parser, duplicates);
        if (parser.nextToken() != null) throw new MalformedException("invalid character after top-level value");
        return new Document(tree, duplicates.found());
    }

    private static @Nullable Object value(JsonParser parser, Duplicates duplicates) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var map = new LinkedHashMap<String, Object>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var name = parser.currentName();
                    parser.nextToken();
                    var before = map.size();
                    map.put(name, value(parser, duplicates));
                    if (map.size() == before)
                        duplicates.add(length(parser), () -> new Duplicate.Field(path(parser), before));
                }
                yield map;
            }
            case START_ARRAY -> {
                var list = new ArrayList<Object>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, duplicates));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> {
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    BigInteger big = parser.getBigIntegerValue();
                    yield big.doubleValue();
                }
                yield parser.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> {
                double number = parser.getDoubleValue();
                if (!Double.isFinite(number)) {
                    throw new MalformedException("cannot unmarshal number " + parser.getString() + ": out of range");
                }
                yield number;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new MalformedException("unexpected token " + parser.currentToken());
        };
    }

    /// How many characters a path has, about.
    private static int length(JsonParser parser) {
        int length = 0;
        for (TokenStreamContext at = parser.streamReadContext(); at != null; at = at.getParent()) {
            var name = at.currentName();
            length += name == null ? 10 : name.length();
        }
        return length;
    }

    private static String path(JsonParser parser) {
        return parser.streamReadContext()
                .pathAsPointer()
                .toString()
                .substring(1)
                .replaceAll("/([0-9]+)", "[$1]")
                .replace('/', '.');
    }

    public static byte[] write(@Nullable Object tree) {
        var buffer = new ByteArrayOutputStream(1024);
        write(tree, buffer);
        return buffer.toByteArray();
    }

    public static String writeString(@Nullable Object tree) {
        return new String(write(tree), StandardCharsets.UTF_8);
    }

    public static void write(@Nullable Object tree, OutputStream out) {
        try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(tree, generator);
        }
    }

    private static void write(@Nullable Object tree, JsonGenerator generator) {
        switch (tree) {
            case null -> generator.writeNull();
            case Map<?, ?> map -> {
                generator.writeStartObject();
                for (var entry : map.entrySet()) {
                    generator.writeName((String) entry.getKey());
                    write(entry.getValue(), generator);
                }
                generator.writeEndObject();
            }
            case Iterable<?> list -> {
                generator.writeStartArray();
                for (var element : list) write(element, generator);
                generator.writeEndArray();
            }
            case String text -> generator.writeString(text);
            case Boolean flag -> generator.writeBoolean(flag);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Double number -> {
                // Whole doubles are written without a fraction, as Go does.
                if (number == Math.rint(number) && Math.abs(number) < 1e15) generator.writeNumber(number.longValue());
                else generator.writeNumber(number);
            }
            case View view -> write(view.value(), generator);
            default -> throw new IllegalArgumentException("no JSON form: " + tree.getClass());
        }
    }
}
