package io.navarch.objects;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Cuts `metadata.managedFields` out of an object's JSON without parsing it. They make up half of many objects, and a
/// parser that skips them still creates a string for every name in them.
final class ManagedFieldsCut {
    private static final byte[] METADATA = "metadata".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MANAGED = "managedFields".getBytes(StandardCharsets.US_ASCII);

    private final byte[] json;
    private int at;
    /// Where the name found last begins, and where the comma before it is.
    private int nameStart;

    private int comma;

    private ManagedFieldsCut(byte[] json) {
        this.json = json;
    }

    /// The document without managed fields. It is returned as it is if there are none, or if it does not look
    /// like JSON: the parser will say what is wrong.
    static byte[] of(byte[] json) {
        var cut = new ManagedFieldsCut(json);
        try {
            if (!cut.find(METADATA)) return json;
            int fields = cut.at;
            if (!cut.find(MANAGED)) return json;
            // Cut from the end of what precedes the name: a comma, or the brace of the metadata.
            int from = cut.nameStart;
            cut.skip();
            int to = cut.space();
            if (json[to] == ',') to++;
            else if (json[to] != '}') return json;
            else if (from > fields + 1) from = cut.comma;
            var result = new byte[json.length - (to - from)];
            System.arraycopy(json, 0, result, 0, from);
            System.arraycopy(json, to, result, from, json.length - to);
            return result;
        } catch (ArrayIndexOutOfBoundsException e) {
            return json;
        }
    }

    /// Moves to the value of a name in the object that begins here.
    private boolean find(byte[] name) {
        if (json[space()] != '{') return false;
        at++;
        comma = at;
        while (json[space()] == '"') {
            nameStart = at;
            string();
            boolean found = Arrays.equals(json, nameStart + 1, at - 1, name, 0, name.length);
            if (json[space()] != ':') return false;
            at++;
            space();
            if (found) return true;
            skip();
            if (json[space()] != ',') return false;
            comma = at++;
        }
        return false;
    }

    /// Skips white space; returns the position after it.
    private int space() {
        while (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t') at++;
        return at;
    }

    private void string() {
        for (at++; json[at] != '"'; at++) {
            if (json[at] == '\\') at++;
        }
        at++;
    }

    /// Moves past the value that begins here.
    private void skip() {
        int depth = 0;
        do {
            switch (json[at]) {
                case '"' -> {
                    string();
                    continue;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            at++;
        } while (depth > 0 || scalar());
    }

    /// Whether the character here continues a number or a word.
    private boolean scalar() {
        return switch (json[at - 1]) {
            case '"', '}', ']' -> false;
            default -> json[at] != ',' && json[at] != '}' && json[at] != ']' && json[at] > ' ';
        };
    }
}
