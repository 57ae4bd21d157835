package io.navarch.expressions;

import dev.cel.common.types.CelType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether the arguments of `format` fit what is written in the text.
///
/// @param types of the arguments
record FormatCheck(String format, List<CelType> types) {
    private static final Set<String> SHOWN = Set.of(
            "list",
            "map",
            "int",
            "uint",
            "double",
            "bool",
            "string",
            "bytes",
            "google.protobuf.Timestamp",
            "google.protobuf.Duration",
            "type",
            "null");

    /// @param argument which is wrong; less than 0 for the text
    record Wrong(int argument, String message) {}

    Optional<Wrong> wrong() {
        int next = 0;
        for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', at)) {
            at++;
            if (at < format.length() && format.charAt(at) == '%') {
                at++;
                continue;
            }
            if (at >= format.length()) return text("unexpected end of string");
            if (next >= types.size()) return text("index " + next + " out of range");
            if (format.charAt(at) == '.') {
                at++;
                while (at < format.length() && Character.isDigit(format.charAt(at))) at++;
                if (at >= format.length())
                    return clause("error while parsing precision: could not find end of precision specifier");
            }
            char kind = format.charAt(at++);
            if ("sdfebxXo".indexOf(kind) < 0) return clause("unrecognized formatting clause \"" + kind + "\"");
            var type = head(types.get(next));
            var message = message(kind, type);
            if (!type.equals("dyn") && !message.isEmpty())
                return Optional.of(new Wrong(next, "error during formatting: " + message + ", was given " + type));
            next++;
        }
        return types.size() > next
                ? text("too many arguments supplied to string.format (expected " + next + ", got " + types.size() + ")")
                : Optional.empty();
    }

    private static Optional<Wrong> text(String message) {
        return Optional.of(new Wrong(-1, message));
    }

    private static Optional<Wrong> clause(String message) {
        return text("could not parse formatting clause: " + message);
    }

    private static String head(CelType type) {
        var name = Types.name(type);
        int open = name.indexOf('<');
        return open < 0 ? name : name.substring(0, open);
    }

    /// What is wrong with an argument of a type, or `""`.
    private static String message(char kind, String type) {
        return switch (kind) {
            case 's' ->
                SHOWN.contains(type)
                        ? ""
                        : "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types,"
                                + " durations, and timestamps";
            case 'd' -> of(type, "int uint") ? "" : "decimal clause can only be used on integers";
            case 'f' -> of(type, "double string") ? "" : "fixed-point clause can only be used on doubles";
            case 'e' -> of(type, "double string") ? "" : "scientific clause can only be used on doubles";
            case 'b' -> of(type, "int uint bool") ? "" : "only integers and bools can be formatted as binary";
            case 'o' -> of(type, "int uint") ? "" : "octal clause can only be used on integers";
            default ->
                of(type, "int uint string bytes")
                        ? ""
                        : "only integers, byte buffers, and strings can be formatted as hex";
        };
    }

    private static boolean of(String type, String types) {
        return List.of(types.split(" ")).contains(type);
    }
}
