package io.navarch.schema.types;

import com.google.re2j.Pattern;
import io.navarch.objects.Addresses;
import io.navarch.objects.Names;
import io.navarch.objects.Timestamps;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.YearMonth;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The formats of strings that schemas of custom resources can ask for. Others are ignored, and creators are told.
///
/// Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation
public final class Formats {
    private static final Map<String, Predicate<String>> CHECKS = Map.ofEntries(
            Map.entry("datetime", text -> Timestamps.parse(text).isPresent()),
            Map.entry("date", Formats::date),
            Map.entry("byte", Formats::base64),
            Map.entry("ipv4", text -> Addresses.isAddress(text) && !Addresses.six(text)),
            Map.entry("ipv6", text -> Addresses.isAddress(text) && Addresses.six(text)),
            Map.entry("cidr", text -> Addresses.prefix(text) >= 0),
            Map.entry("uri", Formats::uri),
            Map.entry("mac", matching("(?i)([0-9a-f]{2}[:-]){5}[0-9a-f]{2}")),
            Map.entry("uuid", matching(uuid("[0-9a-f]", "[0-9a-f]"))),
            Map.entry("uuid3", matching(uuid("3", "[0-9a-f]"))),
            Map.entry("uuid4", matching(uuid("4", "[89ab]"))),
            Map.entry("uuid5", matching(uuid("5", "[89ab]"))),
            Map.entry("duration", matching("[-+]?([0-9]*\\.?[0-9]+\\s*(ns|us|µs|ms|s|m|h|d|w)\\s*)+|0")),
            Map.entry("k8sshortname", text -> Names.dnsLabel(text).isEmpty()),
            Map.entry("k8slongname", text -> Names.dnsSubdomain(text).isEmpty()));

    /// Known to the published API, not checked here.
    private static final Set<String> UNCHECKED = Set.of(
            "bsonobjectid",
            "email",
            "hostname",
            "isbn",
            "isbn10",
            "isbn13",
            "creditcard",
            "ssn",
            "hexcolor",
            "rgbcolor",
            "password");

    private static final String DATE = "0000-00-00";
    private static final int MOST_PADDING = 2;

    private Formats() {}

    /// Whether a format means anything for values of a type.
    ///
    /// @param type as a schema says it, or `""`
    public static boolean known(String type, String format) {
        return switch (type) {
            case "", "string" -> {
                var name = format.replace("-", "");
                yield CHECKS.containsKey(name) || UNCHECKED.contains(name);
            }
            case "integer" -> format.equals("int32") || format.equals("int64");
            case "number" -> format.equals("float") || format.equals("double");
            default -> false;
        };
    }

    /// Whether a text has a format; true for formats that are not checked.
    public static boolean fits(String format, String text) {
        var check = CHECKS.get(format.replace("-", ""));
        return check == null || check.test(text);
    }

    private static Predicate<String> matching(String pattern) {
        var compiled = Pattern.compile(pattern);
        return text -> compiled.matches(text);
    }

    private static String uuid(String version, String variant) {
        var version4 = version.length() == 1 ? version + "[0-9a-f]{3}" : "[0-9a-f]{4}";
        return "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?" + version4 + "-?" + variant + "[0-9a-f]{3}-?[0-9a-f]{12}";
    }

    private static boolean base64(String text) {
        if (text.length() % 4 != 0) return false;
        int end = text.length();
        while (end > text.length() - MOST_PADDING && end > 0 && text.charAt(end - 1) == '=') end--;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean fits = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digit(c) || c == '+' || c == '/';
            if (!fits) return false;
        }
        return true;
    }

    private static boolean date(String text) {
        if (text.length() != DATE.length()) return false;
        for (int i = 0; i < DATE.length(); i++)
            if (DATE.charAt(i) == '0' ? !digit(text.charAt(i)) : text.charAt(i) != DATE.charAt(i)) return false;
        int month = Integer.parseInt(text, 5, 7, 10);
        int day = Integer.parseInt(text, 8, 10, 10);
        if (month < 1 || month > 12 || day < 1) return false;
        return day <= YearMonth.of(Integer.parseInt(text, 0, 4, 10), month).lengthOfMonth();
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    /// Absolute, or a path.
    private static boolean uri(String text) {
        try {
            var uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
