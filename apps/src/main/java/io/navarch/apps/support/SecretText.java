package io.navarch.apps.support;

import java.util.List;
import java.util.regex.Pattern;

/// Finds in a text what looks like a secret. In doubt more is left out than less; and whatever the text is, the time
/// it takes grows with its length alone.
final class SecretText {
    static final String OUT = "(left out)";

    private static final String WORDS = "(?:password|passwd|passphrase|pwd|requirepass|masterauth|secret|token"
            + "|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|client-key-data|credentials?)";

    /// A word that means one, up to where its value begins: in YAML, JSON (also in strings of JSON), flags and lists of
    /// arguments, and what programs say.
    private static final Pattern NAMED = Pattern.compile("(?i)" + WORDS
            + "(?:\\\\{1,8}[\"']|[\"'])?[ \\t]{0,8}[:=][ \\t]{0,8}"
            + "|(?<![\\w-])--?[a-z0-9_-]{0,40}" + WORDS
            + "(?:[ \\t]{1,8}|\\\\{0,8}[\"'][ \\t]?,\\s{0,8}(?=\\\\{0,8}[\"']))");

    private static final Pattern NAME = Pattern.compile("(?i)" + WORDS + "$");

    private static final String OF_KEY = " [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----";

    /// Keys, also cut off at the end of a log.
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN" + OF_KEY + "[\\s\\S]*?(?:-----END" + OF_KEY + "|\\z)");

    private static final Pattern END = Pattern.compile("-----END" + OF_KEY);
    private static final Pattern PACKED = Pattern.compile("[A-Za-z0-9+/=]*+\\s*+");

    /// Of each the first group stays.
    private static final List<Pattern> OTHERS = List.of(
            // Tokens of accounts, and of others that are made like them.
            Pattern.compile(
                    "()(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}+\\.[A-Za-z0-9_-]{5,}+(?:\\.[A-Za-z0-9_-]*+){0,3}"),
            // Bootstrap tokens.
            Pattern.compile("(?<![a-z0-9.-])()[a-z0-9]{6}\\.[a-z0-9]{16}(?![a-z0-9.-])"),
            Pattern.compile("(?i)(\\b(?:bearer|basic)\\s{1,8})[A-Za-z0-9._~+/=-]{6,}+"),
            Pattern.compile("(\\b[a-z][a-z0-9+.-]{0,30}://[^\\s:/@]{0,128}:)[^\\s\"']{1,256}(?=@)"));

    /// Quoted values may go over lines, but not over so much that a quote alone would take a log with it.
    private static final int LONGEST = 1024;

    private SecretText() {}

    /// Whether a field of this name has one.
    static boolean names(String field) {
        return NAME.matcher(field).find();
    }

    static String without(String text) {
        var result = named(endings(KEY.matcher(text).replaceAll(OUT)));
        for (var secret : OTHERS) result = secret.matcher(result).replaceAll("$1" + OUT);
        return result;
    }

    /// Without the lines of a key whose beginning is not there.
    private static String endings(String text) {
        var result = new StringBuilder();
        int at = 0;
        for (var end = END.matcher(text); end.find(); at = end.end())
            result.append(text, at, packedBefore(text, at, end.start())).append(OUT);
        return result.append(text, at, text.length()).toString();
    }

    /// Where the lines begin that are a key's, the last of which ends at `end`.
    private static int packedBefore(String text, int from, int end) {
        int start = end;
        while (start > from) {
            int line = Math.max(from, text.lastIndexOf('\n', start - 2) + 1);
            if (!PACKED.matcher(text).region(line, start).matches()) break;
            start = line;
        }
        return start;
    }

    private static String named(String text) {
        var result = new StringBuilder();
        int at = 0;
        var named = NAMED.matcher(text);
        while (named.find(at)) {
            int value = named.end();
            result.append(text, at, value);
            at = end(text, value, named.group().matches("(?s).*:[ \\t]+"));
            if (at > value) result.append(OUT);
        }
        return result.append(text, at, text.length()).toString();
    }

    /// Where a value ends.
    ///
    /// @param sentence whether it may have spaces without quotes around it
    private static int end(String text, int value, boolean sentence) {
        if (text.startsWith(OUT, value)) return value + OUT.length();
        int quote = value;
        while (quote < text.length() && text.charAt(quote) == '\\') quote++;
        if (quote == text.length()) return quote;
        char first = text.charAt(quote);
        if (first == '{' || first == '[') return value;
        if (first == '"' || first == '\'') {
            int closed = closed(text, quote, quote - value);
            if (closed > 0) return closed;
            sentence = true;
        }
        int end = value;
        while (end < text.length() && !ends(text.charAt(end), sentence)) end++;
        return end;
    }

    private static boolean ends(char c, boolean sentence) {
        return sentence ? c == '\n' : Character.isWhitespace(c);
    }

    /// Behind the quote that ends what begins with one, 0 where there is none.
    ///
    /// @param escaped by how many backslashes each is that belongs to it
    private static int closed(String text, int quote, int escaped) {
        int backslashes = 0;
        for (int i = quote + 1; i < Math.min(text.length(), quote + LONGEST); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                backslashes++;
                continue;
            }
            // One that belongs to the value has more of them.
            if (c == text.charAt(quote) && (backslashes <= escaped || escaped == 0 && backslashes % 2 == 0))
                return i + 1;
            backslashes = 0;
        }
        return 0;
    }
}
