package io.navarch.schema.types;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Patterns that somebody else has written, as Go takes them: RE2 matches in linear time, but a few signs such as
/// `((a{1000}){1000}){1000}` would be written out to a program of a thousand million steps, which Go refuses and RE2/J
/// does not.
public final class GoPattern {
    /// Repeats within repeats, multiplied.
    private static final int MOST_REPEATS = 1000;

    private static final int DEEPEST = 1000;

    /// Of the program, in steps.
    private static final int LONGEST = 200_000;

    private static final int NONE = -1;

    /// What has been read of a group, but for its last part.
    private static final class Group {
        private long size;
        private long repeats = 1;
    }

    private final String text;
    private final Deque<Group> groups = new ArrayDeque<>();
    private int at;
    /// The part that a repeat would be of.
    private long size;
    private long repeats = 1;

    private GoPattern(String text) {
        this.text = text;
        groups.push(new Group());
    }

    /// @throws PatternSyntaxException when it is none, or too large
    public static Pattern compile(String text) {
        new GoPattern(text).measure();
        return Pattern.compile(text);
    }

    private void measure() {
        while (at < text.length()) {
            switch (text.charAt(at)) {
                case '\\' -> escape();
                case '[' -> part(classEnd());
                case '(' -> open();
                case ')' -> close();
                case '*', '+', '?' -> {
                    size += 2;
                    at++;
                }
                case '{' -> repeat();
                default -> part(at + 1);
            }
        }
        take();
    }

    private void part(int end) {
        take();
        size = 1;
        repeats = 1;
        at = end;
    }

    /// What was the last part is followed by another.
    private void take() {
        var group = groups.element();
        group.size += size;
        group.repeats = Math.max(group.repeats, repeats);
        size = 0;
        repeats = 1;
        if (group.size > LONGEST) throw tooLarge();
    }

    private PatternSyntaxException tooLarge() {
        return new PatternSyntaxException("expression too large", text.substring(0, Math.min(100, text.length())));
    }

    private void escape() {
        if (!text.startsWith("\\Q", at)) {
            int next = Math.min(text.length(), at + 2);
            boolean named = next < text.length() && text.charAt(next) == '{' && "pPx".indexOf(text.charAt(at + 1)) >= 0;
            int end = named ? text.indexOf('}', next) : NONE;
            part(end < 0 ? next : end + 1);
            return;
        }
        int end = text.indexOf("\\E", at);
        int last = end < 0 ? text.length() : end;
        for (at += 2; at < last; ) part(at + 1);
        at = end < 0 ? last : end + 2;
    }

    private int classEnd() {
        int i = at + 1;
        if (i < text.length() && text.charAt(i) == '^') i++;
        if (i < text.length() && text.charAt(i) == ']') i++;
        while (i < text.length() && text.charAt(i) != ']') {
            int named = text.startsWith("[:", i) ? text.indexOf(":]", i) : NONE;
            if (named > 0) i = named + 2;
            else i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), i + 1);
    }

    private void open() {
        take();
        groups.push(new Group());
        if (groups.size() > DEEPEST) throw new PatternSyntaxException("expression nests too deeply", "");
        at++;
        if (at >= text.length() || text.charAt(at) != '?') return;
        // A name or flags, which are no parts.
        while (at < text.length() && ":>)".indexOf(text.charAt(at)) < 0) at++;
        if (at < text.length() && text.charAt(at) != ')') at++;
    }

    private void close() {
        take();
        at++;
        // RE2/J says what is wrong with it.
        if (groups.size() == 1) return;
        var group = groups.pop();
        size = group.size + 2;
        repeats = group.repeats;
    }

    private void repeat() {
        int end = text.indexOf('}', at);
        var counts = end < 0 ? "" : text.substring(at + 1, end);
        if (counts.length() > 20 || !counts.matches("[0-9]+(,[0-9]*)?")) {
            part(at + 1);
            return;
        }
        int comma = counts.indexOf(',');
        long least = number(comma < 0 ? counts : counts.substring(0, comma));
        boolean unbounded = comma == counts.length() - 1;
        long most = unbounded ? least : number(counts.substring(comma + 1));
        repeats *= Math.max(1, most);
        if (repeats > MOST_REPEATS)
            throw new PatternSyntaxException("invalid repeat count", text.substring(at, end + 1));
        size *= Math.max(1, unbounded ? most + 1 : most);
        if (size > LONGEST) throw tooLarge();
        at = end + 1;
    }

    private static long number(String digits) {
        return digits.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(digits);
    }
}
