package io.navarch.apiserver.proxy;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Changes where the links of a page lead, while it passes: attributes that hold a URL are rewritten, everything else
/// stays byte for byte. Only a tag at a time is held, and one that is longer than any real one passes as it is.
///
/// Source: the elements and attributes of the HTML standard that kube-apiserver's proxy looks at.
final class HtmlLinks {
    private static final int LONGEST_TAG = 64 << 10;

    private static final Map<String, Set<String>> URLS = Map.ofEntries(
            Map.entry("a", Set.of("href")),
            Map.entry("applet", Set.of("codebase")),
            Map.entry("area", Set.of("href")),
            Map.entry("audio", Set.of("src")),
            Map.entry("base", Set.of("href")),
            Map.entry("blockquote", Set.of("cite")),
            Map.entry("body", Set.of("background")),
            Map.entry("button", Set.of("formaction")),
            Map.entry("command", Set.of("icon")),
            Map.entry("del", Set.of("cite")),
            Map.entry("embed", Set.of("src")),
            Map.entry("form", Set.of("action")),
            Map.entry("frame", Set.of("longdesc", "src")),
            Map.entry("head", Set.of("profile")),
            Map.entry("html", Set.of("manifest")),
            Map.entry("iframe", Set.of("longdesc", "src")),
            Map.entry("img", Set.of("longdesc", "src", "usemap")),
            Map.entry("input", Set.of("src", "usemap", "formaction")),
            Map.entry("ins", Set.of("cite")),
            Map.entry("link", Set.of("href")),
            Map.entry("object", Set.of("classid", "codebase", "data", "usemap")),
            Map.entry("q", Set.of("cite")),
            Map.entry("script", Set.of("src")),
            Map.entry("source", Set.of("src")),
            Map.entry("video", Set.of("poster", "src")));

    /// Elements in which nothing is a tag but their own end.
    private static final Set<String> RAW =
            Set.of("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes");

    private static final Pattern ATTRIBUTE = Pattern.compile(
            "(?<=[\\s/\"'])([^\\s\"'>/=]++)(\\s*+=\\s*+)(?:\"([^\"]*+)\"|'([^']*+)'|([^\\s\"'=<>`]++))");

    private final InputStream in;
    private final OutputStream out;
    private final UnaryOperator<String> moved;

    private HtmlLinks(InputStream in, OutputStream out, UnaryOperator<String> moved) {
        this.in = new BufferedInputStream(in);
        this.out = new BufferedOutputStream(out);
        this.moved = moved;
    }

    /// Copies a page to its end.
    ///
    /// @param moved where a URL of the page leads from now on
    static void rewrite(InputStream page, OutputStream out, UnaryOperator<String> moved) throws IOException {
        var links = new HtmlLinks(page, out, moved);
        links.text();
        links.out.flush();
    }

    private void text() throws IOException {
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '<') markup();
            else out.write(next);
        }
    }

    private void markup() throws IOException {
        in.mark(3);
        int first = in.read();
        boolean comment = first == '!' && in.read() == '-' && in.read() == '-';
        in.reset();
        if (comment) {
            write("<");
            until("-->");
        } else if (letter(first)) {
            var tag = tag();
            write(tag.endsWith(">") ? rewritten(tag) : tag);
            var name = name(tag);
            if (RAW.contains(name) && tag.endsWith(">") && !tag.endsWith("/>")) until("</" + name);
        } else {
            write("<");
        }
    }

    private static boolean letter(int sign) {
        return sign >= 'a' && sign <= 'z' || sign >= 'A' && sign <= 'Z';
    }

    /// A tag up to its end, which is not in quotes; without it when the page ends or the tag is too long.
    private String tag() throws IOException {
        var tag = new StringBuilder("<");
        int quote = 0;
        while (tag.length() < LONGEST_TAG) {
            int next = in.read();
            if (next < 0) break;
            tag.append((char) next);
            boolean opens = (next == '"' || next == '\'') && valueBegins(tag);
            if (quote == 0 && next == '>') break;
            if (quote == 0 && opens) quote = next;
            else if (next == quote) quote = 0;
        }
        return tag.toString();
    }

    /// Whether the last sign of a tag stands right behind a `=`.
    private static boolean valueBegins(CharSequence tag) {
        int at = tag.length() - 2;
        while (at > 0 && Character.isWhitespace(tag.charAt(at))) at--;
        return tag.charAt(at) == '=';
    }

    private static String name(String tag) {
        int end = 1;
        while (end < tag.length() && " \t\r\n\f/>".indexOf(tag.charAt(end)) < 0) end++;
        return tag.substring(1, end).toLowerCase(Locale.ROOT);
    }

    private String rewritten(String tag) {
        var urls = URLS.get(name(tag));
        if (urls == null) return tag;
        return ATTRIBUTE.matcher(tag).replaceAll(found -> Matcher.quoteReplacement(attribute(found, urls)));
    }

    private String attribute(MatchResult found, Set<String> urls) {
        if (!urls.contains(found.group(1).toLowerCase(Locale.ROOT))) return found.group();
        var before = first(found.group(3), found.group(4), found.group(5));
        var after = moved.apply(before);
        if (after.equals(before)) return found.group();
        // What was in front of the path came with the request.
        return found.group(1) + found.group(2) + "\"" + after.replace("\"", "%22") + "\"";
    }

    private static String first(@Nullable String... groups) {
        for (var group : groups) if (group != null) return group;
        return "";
    }

    /// Copies up to this text in either case, and it.
    private void until(String end) throws IOException {
        int matched = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            out.write(next);
            int lower = Character.toLowerCase(next);
            if (lower == end.charAt(matched)) matched++;
            // Of `--->` the last three count.
            else if (matched == 0 || !(lower == '-' && end.startsWith("--") && matched == 2))
                matched = lower == end.charAt(0) ? 1 : 0;
            if (matched == end.length()) return;
        }
    }

    /// Each byte is a sign, so that no byte changes whatever the page is written in.
    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
