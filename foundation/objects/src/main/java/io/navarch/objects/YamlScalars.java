package io.navarch.objects;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What plain scalars are, by the rules of kubectl (sigs.k8s.io/yaml).
final class YamlScalars {
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    private static final Pattern OCTAL = Pattern.compile("[-+]?0o?[0-7_]+");
    private static final Pattern HEX = Pattern.compile("[-+]?0x[0-9a-fA-F_]+");
    private static final Pattern BINARY = Pattern.compile("[-+]?0b[01_]+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    private YamlScalars() {}

    static @Nullable Object resolve(String text) {
        switch (text) {
            case "", "~", "null", "Null", "NULL" -> {
                return null;
            }
            case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y" -> {
                return true;
            }
            case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N" -> {
                return false;
            }
            default -> {}
        }
        char first = text.charAt(0);
        if (first != '-' && first != '+' && first != '.' && (first < '0' || first > '9')) return text;
        if (DECIMAL.matcher(text).matches()) return whole(text, "", 10);
        if (OCTAL.matcher(text).matches()) return whole(text, "0o?", 8);
        if (HEX.matcher(text).matches()) return whole(text, "0x", 16);
        if (BINARY.matcher(text).matches()) return whole(text, "0b", 2);
        return decimal(text);
    }

    /// A number that is too large to be whole is a fraction if it looks like one, and a text otherwise.
    private static Object whole(String text, String prefix, int radix) {
        try {
            var digits = text.replace("_", "").replace("+", "");
            return Long.parseLong(prefix.isEmpty() ? digits : digits.replaceFirst(prefix, ""), radix);
        } catch (NumberFormatException e) {
            return decimal(text);
        }
    }

    private static Object decimal(String text) {
        if (!FLOAT.matcher(text).matches()) return text;
        double number = Double.parseDouble(text);
        return Double.isFinite(number) ? number : text;
    }
}
