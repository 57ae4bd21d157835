package io.navarch.schema.types;

import com.google.re2j.Pattern;
import io.navarch.objects.Addresses;

/// One address of mail, with or without the name of whom it reaches.
///
/// Source: https://www.rfc-editor.org/rfc/rfc5322#section-3.4
final class MailAddress {
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\x{80}-\\x{10ffff}-]";
    private static final String DOTTED = ATOM + "+(?:\\." + ATOM + "+)*";
    private static final String IN_QUOTES = "(?:[^\"\\\\\\x00-\\x08\\x0a-\\x1f\\x7f]|\\\\[\\t -\\x{10ffff}])";
    private static final String BLANKS = "[ \\t]*";

    /// The domain, or an address of the internet in brackets.
    private static final String PLAIN =
            "(?:" + DOTTED + "|\"" + IN_QUOTES + "+\")@" + BLANKS + "(?:" + DOTTED + "|\\[([^\\]]*)\\])";

    private static final String WORD = "(?:(?:" + ATOM + "|\\.)+|\"" + IN_QUOTES + "*\")";
    private static final String PHRASE = WORD + "(?:" + BLANKS + WORD + ")*";
    private static final String ONE = "(?:" + PLAIN + "|(?:" + PHRASE + BLANKS + ")?<" + PLAIN + ">)";
    private static final String COMMENT = "(?:\\([^()\\\\]*\\)" + BLANKS + ")?";

    private static final Pattern ADDRESS = Pattern.compile(
            BLANKS + "(?:" + ONE + "|" + PHRASE + BLANKS + ":" + BLANKS + ONE + BLANKS + ";)" + BLANKS + COMMENT);

    private MailAddress() {}

    static boolean fits(String text) {
        var found = ADDRESS.matcher(text);
        if (!found.matches()) return false;
        for (int i = 1; i <= found.groupCount(); i++) {
            var literal = found.group(i);
            if (literal != null && !Addresses.isAddress(literal)) return false;
        }
        return true;
    }
}
