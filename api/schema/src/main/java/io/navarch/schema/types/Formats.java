package io.navarch.schema.types;

import com.google.re2j.Pattern;
import io.navarch.objects.Addresses;
import io.navarch.objects.GoUrl;
import io.navarch.objects.Names;
import java.time.YearMonth;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The formats of strings that schemas of custom resources can ask for. Others are ignored, and creators are told.
///
/// Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation
public final class Formats {
    private static final String COLOUR = "\\s*(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])\\s*";

    private static final Map<String, Predicate<String>> CHECKS = Map.ofEntries(
            Map.entry("datetime", Formats::time),
            Map.entry("date", Formats::date),
            Map.entry("byte", Formats::base64),
            Map.entry("ipv4", Formats::ipv4),
            Map.entry("ipv6", text -> Addresses.isAddress(text) && Addresses.six(text)),
            Map.entry("cidr", Formats::cidr),
            Map.entry("uri", Formats::uri),
            Map.entry("mac", matching(hardwareAddress())),
            Map.entry("uuid", matching(uuid("[0-9a-f]", "[0-9a-f]"))),
            Map.entry("uuid3", matching(uuid("3", "[0-9a-f]"))),
            Map.entry("uuid4", matching(uuid("4", "[89ab]"))),
            Map.entry("uuid5", matching(uuid("5", "[89ab]"))),
            Map.entry("duration", LooseDuration::fits),
            Map.entry("k8sshortname", text -> Names.dnsLabel(text).isEmpty()),
            Map.entry("k8slongname", text -> Names.dnsSubdomain(text).isEmpty()),
            Map.entry("bsonobjectid", matching("(?i)[0-9a-f]{24}")),
            Map.entry("email", MailAddress::fits),
            Map.entry("hostname", HostName::fits),
            Map.entry("isbn", text -> CheckDigits.isbn10(text) || CheckDigits.isbn13(text)),
            Map.entry("isbn10", CheckDigits::isbn10),
            Map.entry("isbn13", CheckDigits::isbn13),
            Map.entry("creditcard", CheckDigits::creditCard),
            Map.entry("ssn", matching("[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}")),
            Map.entry("hexcolor", matching("#?([0-9a-fA-F]{3}){1,2}")),
            Map.entry("rgbcolor", matching("rgb\\(" + COLOUR + "," + COLOUR + "," + COLOUR + "\\)")),
            Map.entry("password", text -> true));

    private static final String DATE = "0000-00-00";
    private static final String TIME = DATE + "t00:00:00";
    private static final String OFFSET = "+00:00";
    private static final int MOST_PADDING = 2;

    private Formats() {}

    /// Whether a format means anything for values of a type.
    ///
    /// @param type as a schema says it, or `""`
    public static boolean known(String type, String format) {
        return switch (type) {
            case "", "string" -> CHECKS.containsKey(format.replace("-", ""));
            case "integer" -> format.equals("int32") || format.equals("int64");
            case "number" -> format.equals("float") || format.equals("double");
            default -> false;
        };
    }

    /// Whether a text has a format; true for formats that nobody knows.
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

    /// Of six, eight or twenty bytes: by pairs, by fours, or in one.
    private static String hardwareAddress() {
        return IntStream.of(6, 8, 20)
                .mapToObj(bytes -> "HH(:HH){%1$d}|HH(-HH){%1$d}|HHHH(\\.HHHH){%2$d}|(HH){%3$d}"
                        .formatted(bytes - 1, bytes / 2 - 1, bytes)
                        .replace("H", "[0-9a-fA-F]"))
                .collect(Collectors.joining("|"));
    }

    /// Fractions of a second may stand behind whatever they like, and an offset may be any.
    private static boolean time(String text) {
        if (text.length() < TIME.length() + 1 || !like(text.substring(DATE.length(), TIME.length()), "t00:00:00"))
            return false;
        int zone = zone(text);
        int fraction = zone - TIME.length();
        if (!date(text.substring(0, DATE.length())) || fraction < 0 || fraction == 1) return false;
        for (int i = TIME.length() + 1; i < zone; i++) if (!digit(text.charAt(i))) return false;
        return Integer.parseInt(text, 11, 13, 10) < 24
                && Integer.parseInt(text, 14, 16, 10) < 60
                && Integer.parseInt(text, 17, 19, 10) < 60;
    }

    /// Where the zone begins with which a text ends, or -1.
    private static int zone(String text) {
        int length = text.length();
        if (like(text.substring(length - 1), "z")) return length - 1;
        var offset = text.substring(length - OFFSET.length());
        return like(offset, OFFSET) || like(offset, OFFSET.replace('+', '-')) ? length - OFFSET.length() : -1;
    }

    /// Whether a text has digits where there are zeros in a form, and the same letters and signs elsewhere.
    private static boolean like(String text, String form) {
        if (text.length() != form.length()) return false;
        for (int i = 0; i < form.length(); i++) {
            char c = text.charAt(i);
            if (form.charAt(i) == '0' ? !digit(c) : (c < 0x80 ? Character.toLowerCase(c) : c) != form.charAt(i))
                return false;
        }
        return true;
    }

    private static boolean ipv4(String text) {
        return text.indexOf('.') >= 0 && Addresses.isAddress(withoutLeadingZeros(text));
    }

    /// Zeros in front of a number change nothing, however many there are.
    private static String withoutLeadingZeros(String text) {
        return text.replaceAll("(?<![0-9A-Fa-f])0+(?=[0-9A-Fa-f])", "");
    }

    private static boolean cidr(String text) {
        var plain = withoutLeadingZeros(text);
        int slash = plain.indexOf('/');
        if (slash < 0 || !plain.substring(slash + 1).matches("[0-9]{1,3}")) return false;
        var address = plain.substring(0, slash);
        int most = Addresses.six(address) ? 128 : 32;
        return Addresses.isAddress(address) && Integer.parseInt(plain.substring(slash + 1)) <= most;
    }

    private static boolean base64(String text) {
        if (text.isEmpty() || text.length() % 4 != 0) return false;
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
        if (!like(text, DATE)) return false;
        int month = Integer.parseInt(text, 5, 7, 10);
        int day = Integer.parseInt(text, 8, 10, 10);
        if (month < 1 || month > 12 || day < 1) return false;
        return day <= YearMonth.of(Integer.parseInt(text, 0, 4, 10), month).lengthOfMonth();
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean uri(String text) {
        try {
            GoUrl.parse(text);
            return true;
        } catch (GoUrl.MalformedException e) {
            return false;
        }
    }
}
