package io.navarch.expressions.function;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions of texts. Places in them are counted in code points.
final class Strings {
    static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            Map.entry(
                    "contains",
                    (a, budget) -> texts(a) ? (Object) (Search.first(text(a, 0), text(a, 1), 0) >= 0) : null),
            Map.entry(
                    "startsWith", (a, budget) -> texts(a) ? (Object) text(a, 0).startsWith(text(a, 1)) : null),
            Map.entry("endsWith", (a, budget) -> texts(a) ? (Object) text(a, 0).endsWith(text(a, 1)) : null),
            Map.entry("charAt", (a, budget) -> a[0] instanceof String ? charAt(text(a, 0), number(a, 1)) : null),
            Map.entry("lowerAscii", (a, budget) -> a[0] instanceof String s ? cased(s, 'A', 'Z', 32) : null),
            Map.entry("upperAscii", (a, budget) -> a[0] instanceof String s ? cased(s, 'a', 'z', -32) : null),
            Map.entry("trim", (a, budget) -> a[0] instanceof String s ? trimmed(s) : null),
            Map.entry("replace", (a, budget) -> replace(a, budget)),
            Map.entry("split", (a, budget) -> split(a, budget)),
            Map.entry("substring", (a, budget) -> a[0] instanceof String ? substring(a) : null),
            Map.entry(
                    "join",
                    (a, budget) ->
                            a[0] instanceof List<?> list ? join(list, a.length > 1 ? text(a, 1) : "", budget) : null),
            Map.entry("strings.quote", (a, budget) -> a[0] instanceof String s ? quoted(s) : null),
            Map.entry(
                    "jsonpatch.escapeKey",
                    (a, budget) ->
                            a[0] instanceof String s ? s.replace("~", "~0").replace("/", "~1") : null),
            Map.entry(
                    "format",
                    (a, budget) -> a[0] instanceof String s && a[1] instanceof List<?> list
                            ? Formatting.format(s, list, budget)
                            : null));

    private Strings() {}

    private static boolean texts(Object[] arguments) {
        return arguments[0] instanceof String && arguments[1] instanceof String;
    }

    private static String text(Object[] arguments, int at) {
        return arguments[at] instanceof String text ? text : "";
    }

    private static long number(Object[] arguments, int at) {
        return arguments[at] instanceof Long number ? number : 0;
    }

    static Failure outOfRange(long index) {
        return new Failure("index out of range: " + index);
    }

    private static Object charAt(String text, long index) {
        int length = text.codePointCount(0, text.length());
        if (index < 0 || index > length) return outOfRange(index);
        return index == length ? "" : Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) index)));
    }

    static @Nullable Object indexOf(Object[] a) {
        if (!texts(a)) return null;
        var text = text(a, 0);
        var part = text(a, 1);
        long from = a.length > 2 ? number(a, 2) : 0;
        if (part.isEmpty()) return from;
        if (from < 0) return outOfRange(from);
        if (from >= text.codePointCount(0, text.length())) return -1L;
        int found = Search.first(text, part, text.offsetByCodePoints(0, (int) from));
        return found < 0 ? -1L : (long) text.codePointCount(0, found);
    }

    static @Nullable Object lastIndexOf(Object[] a) {
        if (!texts(a)) return null;
        var text = text(a, 0);
        var part = text(a, 1);
        int length = text.codePointCount(0, text.length());
        if (part.isEmpty()) return a.length > 2 ? number(a, 2) : (long) length;
        if (a.length == 2 && text.length() < part.length()) return -1L;
        long from = a.length > 2 ? number(a, 2) : length - 1;
        if (from < 0) return outOfRange(from);
        if (from >= length) return -1L;
        int found = Search.last(text, part, text.offsetByCodePoints(0, (int) from));
        return found < 0 ? -1L : (long) text.codePointCount(0, found);
    }

    private static String cased(String text, char first, char last, int by) {
        var result = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= first && c <= last) result.setCharAt(i, (char) (c + by));
        }
        return result.toString();
    }

    /// What Unicode calls white space.
    private static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && space(text.charAt(start))) start++;
        while (end > start && space(text.charAt(end - 1))) end--;
        return text.substring(start, end);
    }

    private static boolean space(char c) {
        return c >= '\t' && c <= '\r' || c == ' ' || c == 0x85 || c == 0xA0 || Character.isSpaceChar(c);
    }

    private static @Nullable Object replace(Object[] a, Budget budget) {
        if (!(a[0] instanceof String text) || !(a[1] instanceof String old) || !(a[2] instanceof String by))
            return null;
        long most = a.length > 3 ? number(a, 3) : -1;
        if (most < 0) most = Long.MAX_VALUE;
        var result = new StringBuilder();
        int at = 0;
        if (old.isEmpty()) {
            // Before each sign and at the end.
            while (most-- > 0) {
                budget.grows(by.length());
                result.append(by);
                if (at == text.length()) return result.toString();
                int next = text.offsetByCodePoints(at, 1);
                result.append(text, at, next);
                at = next;
            }
            return result.append(text, at, text.length()).toString();
        }
        for (int found; most-- > 0 && (found = Search.first(text, old, at)) >= 0; at = found + old.length()) {
            budget.grows(found - at + by.length());
            result.append(text, at, found).append(by);
        }
        return result.append(text, at, text.length()).toString();
    }

    private static @Nullable Object split(Object[] a, Budget budget) {
        if (!texts(a)) return null;
        var text = text(a, 0);
        var separator = text(a, 1);
        long most = a.length > 2 ? number(a, 2) : -1;
        if (most == 0) return List.of();
        if (most < 0) most = Long.MAX_VALUE;
        var parts = new ArrayList<String>();
        int at = 0;
        while (parts.size() < most - 1) {
            int found = separator.isEmpty() ? next(text, at) : Search.first(text, separator, at);
            if (found < 0) break;
            budget.steps(2);
            parts.add(text.substring(at, found));
            at = found + separator.length();
        }
        if (!separator.isEmpty() || at < text.length()) parts.add(text.substring(at));
        return parts;
    }

    /// Where the sign at a place ends, unless it is the last.
    private static int next(String text, int at) {
        if (at >= text.length()) return -1;
        int next = text.offsetByCodePoints(at, 1);
        return next == text.length() ? -1 : next;
    }

    private static Object substring(Object[] a) {
        var text = text(a, 0);
        int length = text.codePointCount(0, text.length());
        long start = number(a, 1);
        long end = a.length > 2 ? number(a, 2) : length;
        if (a.length > 2 && start > end)
            return new Failure("invalid substring range. start: " + start + ", end: " + end);
        if (start < 0 || start > length) return outOfRange(start);
        if (end < 0 || end > length) return outOfRange(end);
        int from = text.offsetByCodePoints(0, (int) start);
        return text.substring(from, text.offsetByCodePoints(from, (int) (end - start)));
    }

    private static Object join(List<?> list, String separator, Budget budget) {
        var result = new StringBuilder();
        boolean first = true;
        for (var element : list) {
            if (!(element instanceof String text))
                return new Failure("join: invalid input: " + Showing.of(Values.of(element)));
            budget.grows(separator.length() + text.length());
            if (!first) result.append(separator);
            result.append(text);
            first = false;
        }
        return result.toString();
    }

    private static String quoted(String text) {
        var result = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case 7 -> result.append("\\a");
                case '\b' -> result.append("\\b");
                case '\f' -> result.append("\\f");
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                case 11 -> result.append("\\v");
                case '\\' -> result.append("\\\\");
                case '"' -> result.append("\\\"");
                default -> result.appendCodePoint(c);
            }
        });
        return result.append('"').toString();
    }
}
