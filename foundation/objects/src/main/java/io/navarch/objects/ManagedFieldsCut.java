package io.navarch.objects;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Takes `metadata.managedFields` out of an object's JSON without reading it: they are half of many objects, and a
/// parser that skips them still makes a text of every name in them.
final class ManagedFieldsCut {
    private static final byte[] METADATA = "metadata".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MANAGED = "managedFields".getBytes(StandardCharsets.US_ASCII);

    private final byte[] json;
    private int at;
    /// Where the name that was found last begins, and the comma before it.
    private int nameStart;

    private int comma;

    private ManagedFieldsCut(byte[] json) {
        this.json = json;
    }

    /// The document without them; the same where there are none, or where it does not look like JSON: the parser that
    /// gets it will say so.
    static byte[] of(byte[] json) {
        var cut = new ManagedFieldsCut(json);
        try {
            if (!cut.find(METADATA)) return json;
            int fields = cut.at;
            if (!cut.find(MANAGED)) return json;
            // From behind what stood before the name: a comma, or the brace of the metadata.
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

    /// In the object that begins here, goes to the value of this name.
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

    /// To the next that is no white space; returns where that is.
    private int space() {
        while (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t') at++;
        return at;
    }

    private void string() {
        for (at++; json[at] != '"'; at++) if (json[at] == '\\') at++;
        at++;
    }

    /// Behind the value that begins here.
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

    /// Whether a number or a word goes on here.
    private boolean scalar() {
        return switch (json[at - 1]) {
            case '"', '}', ']' -> false;
            default -> json[at] != ',' && json[at] != '}' && json[at] != ']' && json[at] > ' ';
        };
    }
}
