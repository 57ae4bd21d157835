package io.navarch.expressions;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// How expressions write the names of properties.
public final class Identifiers {
    /// Words of CEL, which stand escaped in expressions.
    private static final Set<String> WORDS = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_./-][a-zA-Z0-9_./-]*");

    private Identifiers() {}

    /// Whether a name is a word of CEL, which behind a dot is a name like any other.
    public static boolean isWord(String name) {
        return WORDS.contains(name);
    }

    /// A property's name as an identifier; empty when it has signs that cannot be written.
    public static Optional<String> escaped(String name) {
        if (WORDS.contains(name)) return Optional.of("__" + name + "__");
        if (!NAME.matcher(name).matches()) return Optional.empty();
        return Optional.of(name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__"));
    }
}
