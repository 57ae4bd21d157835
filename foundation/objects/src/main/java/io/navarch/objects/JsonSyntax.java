package io.navarch.objects;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the first thing that makes bytes no JSON document, and says so in the words of Go's scanner, which clients
/// know.
final class JsonSyntax {
    /// Ends the scan; the message is the result.
    private static final class Found extends RuntimeException {
        Found(@Nullable String message) {
            super(message, null, false, false);
        }
    }

    private static final int END = -1;
    private static final String VALUE = "looking for beginning of value";

    /// Deeper than this nobody looks; whoever reads it has refused it for that.
    private static final int DEEPEST = 300;

    private final byte[] bytes;
    private int at;
    private int depth;

    private JsonSyntax(byte[] bytes) {
        this.bytes = bytes;
    }

    static Optional<String> error(byte[] bytes) {
        var scan = new JsonSyntax(bytes);
        try {
            scan.value(VALUE);
            scan.blanks();
            if (scan.peek() != END) throw scan.unexpected("after top-level value");
            return Optional.empty();
        } catch (Found e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    private int peek() {
        return at < bytes.length ? bytes[at] & 0xff : END;
    }

    private void blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') at++;
    }

    private Found unexpected(String where) {
        int c = peek();
        return new Found(c == END ? "unexpected end of JSON input" : "invalid character " + quoted(c) + " " + where);
    }

    private static String quoted(int c) {
        return switch (c) {
            case '\'' -> "'\\''";
            case '"' -> "'\"'";
            case '\n' -> "'\\n'";
            case '\r' -> "'\\r'";
            case '\t' -> "'\\t'";
            case '\\' -> "'\\\\'";
            default -> {
                boolean shown = c >= ' ' && c != 0x7f && (c < 0x7f || c > 0xa0 && c != 0xad);
                yield shown ? "'" + (char) c + "'" : "'" + String.format(c < 0x80 ? "\\x%02x" : "\\u%04x", c) + "'";
            }
        };
    }

    /// @param where what is said of a character that begins none
    private void value(String where) {
        blanks();
        if (++depth > DEEPEST) throw new Found(null);
        switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw unexpected(where);
        }
        depth--;
    }

    private void object() {
        at++;
        blanks();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            blanks();
            if (peek() != '"') throw unexpected("looking for beginning of object key string");
            string();
            blanks();
            if (peek() != ':') throw unexpected("after object key");
            at++;
            value(VALUE);
            blanks();
            if (peek() == '}') break;
            if (peek() != ',') throw unexpected("after object key:value pair");
            at++;
        }
        at++;
    }

    private void array() {
        at++;
        blanks();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            value(VALUE);
            blanks();
            if (peek() == ']') break;
            if (peek() != ',') throw unexpected("after array element");
            at++;
        }
        at++;
    }

    private void string() {
        at++;
        while (peek() != '"') {
            if (peek() == END || peek() < ' ') throw unexpected("in string literal");
            if (peek() == '\\') escape();
            at++;
        }
        at++;
    }

    private void escape() {
        at++;
        if (peek() == 'u') {
            for (int i = 0; i < 4; i++) {
                at++;
                if (Character.digit(peek(), 16) < 0) throw unexpected("in \\u hexadecimal character escape");
            }
        } else if (peek() == END || "bfnrt\\/\"".indexOf(peek()) < 0) {
            throw unexpected("in string escape code");
        }
    }

    private void literal(String word) {
        for (byte expected : word.getBytes(StandardCharsets.US_ASCII)) {
            if (peek() != expected) throw unexpected("in literal " + word + " (expecting '" + (char) expected + "')");
            at++;
        }
    }

    private boolean digit() {
        return peek() >= '0' && peek() <= '9';
    }

    private void digits() {
        while (digit()) at++;
    }

    private void number() {
        if (peek() == '-') at++;
        if (!digit()) throw unexpected("in numeric literal");
        if (peek() == '0') at++;
        else digits();
        if (peek() == '.') {
            at++;
            if (!digit()) throw unexpected("after decimal point in numeric literal");
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') at++;
            if (!digit()) throw unexpected("in exponent of numeric literal");
            digits();
        }
    }
}
