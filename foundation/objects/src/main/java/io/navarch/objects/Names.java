package io.navarch.objects;

import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Kubernetes' rules for names. Each returns the published texts of all violations.
///
/// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
public final class Names {
    /// One label of a name. Names are taken apart at their dots first: a pattern for all labels would need stack for
    /// each, and nobody has looked at how many there are.
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SEARCHED = Pattern.compile("_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern LABEL_VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final Pattern ENV_NAME = Pattern.compile("[ -<>-~]*");
    private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    /// The text about a malformed percentage.
    public static final String PERCENT = "a valid percent string must be a numeric string followed by an ending '%'"
            + " (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    private Names() {}

    public static List<String> dnsLabel(String name) {
        boolean dots = name.indexOf('.') >= 0 && dotted(name, LABEL);
        return both(
                longer(name, 63),
                matches(LABEL, name),
                dots
                        ? "must not contain dots"
                        : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must"
                                + " start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for"
                                + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    }

    public static List<String> dns1035Label(String name) {
        return both(
                longer(name, 63),
                matches(LABEL_1035, name),
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
                        + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex"
                        + " used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
    }

    public static List<String> dnsSubdomain(String name) {
        return subdomain(name, longer(name, 253));
    }

    /// As [#dnsSubdomain(String)], in the words of those kinds whose rules the original generates.
    public static List<String> longName(String name) {
        return subdomain(name, name.length() > 253 ? List.of("must be no more than 253 bytes") : List.of());
    }

    private static List<String> subdomain(String name, List<String> length) {
        return both(
                length,
                dotted(name, LABEL),
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
                        + " and must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                        + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    /// A domain in which names are searched for: also with underscores, which services are discovered by.
    public static List<String> searchPath(String name) {
        return both(
                longer(name, 253),
                dotted(name, SEARCHED),
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.',"
                        + " and must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                        + " validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')");
    }

    /// A subdomain that is not an IP address.
    public static List<String> dnsName(String name) {
        var wrong = new ArrayList<>(dnsSubdomain(name));
        if (Addresses.isAddress(name)) wrong.add("must be a DNS name, not an IP address");
        return wrong;
    }

    /// A subdomain whose first label is `*`.
    public static List<String> wildcardSubdomain(String name) {
        return both(
                longer(name, 253),
                name.startsWith("*.") && dotted(name.substring(2), LABEL),
                "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must"
                        + " consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric"
                        + " character (e.g. '*.example.com', regex used for validation is"
                        + " '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    /// A name that can stand as one segment of a URL path (RBAC objects).
    public static List<String> pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) return List.of("may not be '" + name + "'");
        var wrong = new ArrayList<String>();
        if (name.contains("/")) wrong.add("may not contain '/'");
        if (name.contains("%")) wrong.add("may not contain '%'");
        return wrong;
    }

    public static List<String> qualifiedName(String key) {
        var slash = key.indexOf('/');
        if (key.indexOf('/', slash + 1) > 0)
            return List.of(
                    "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with"
                            + " an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
                            + " validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain"
                            + " prefix and '/' (e.g. 'example.com/MyName')");
        var wrong = new ArrayList<String>();
        if (slash == 0) wrong.add("prefix part must be non-empty");
        if (slash > 0)
            dnsSubdomain(key.substring(0, slash))
                    .forEach(text -> wrong.add("prefix part " + text.replace(" 253 characters", " 253 bytes")));
        var name = key.substring(slash + 1);
        if (name.isEmpty()) wrong.add("name part must be non-empty");
        else if (name.length() > 63) wrong.add("name part must be no more than 63 bytes");
        if (!QUALIFIED.matcher(name).matches())
            wrong.add("name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with"
                    + " an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
        return wrong;
    }

    public static List<String> labelValue(String value) {
        return both(
                value.length() > 63 ? List.of("must be no more than 63 bytes") : List.of(),
                matches(LABEL_VALUE, value),
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.',"
                        + " and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
                        + " regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
    }

    public static List<String> configKey(String key) {
        var wrong = new ArrayList<>(
                both(
                        longer(key, 253),
                        matches(CONFIG_KEY, key),
                        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
                                + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"));
        if (key.equals(".")) wrong.add("must not be '.'");
        else if (key.equals("..")) wrong.add("must not be '..'");
        else if (key.startsWith("..")) wrong.add("must not start with '..'");
        return wrong;
    }

    public static List<String> envName(String name) {
        return both(
                name.isEmpty() ? List.of("environment variable name must be non-empty") : List.of(),
                matches(ENV_NAME, name),
                "a valid environment variable name must consist only of printable ASCII characters other than '='");
    }

    /// A name of a port (`IANA_SVC_NAME`).
    public static List<String> portName(String name) {
        var wrong = new ArrayList<String>();
        if (name.length() > 15) wrong.add("must be no more than 15 characters");
        if (!name.matches("[-a-z0-9]+"))
            wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        if (!name.matches("(?s).*[a-z].*")) wrong.add("must contain at least one letter (a-z)");
        if (name.contains("--")) wrong.add("must not contain consecutive hyphens");
        if (name.startsWith("-") || name.endsWith("-")) wrong.add("must not begin or end with a hyphen");
        return wrong;
    }

    /// A path without the slashes at its end.
    public static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') end--;
        return path.substring(0, end);
    }

    /// An IPv4 or IPv6 address.
    public static List<String> ip(String text) {
        if (Addresses.mapped(text)) return List.of("must not be an IPv4-mapped IPv6 address");
        if (Addresses.isAddress(text)) return List.of();
        return List.of(
                Addresses.isAddress(Addresses.withoutLeadingZeros(text))
                        ? "must not have leading 0s"
                        : "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }

    /// An address that another machine can be reached at.
    public static List<String> endpointIp(String text) {
        var parsed = Addresses.parse(Addresses.withoutLeadingZeros(text));
        if (parsed.isEmpty()) return List.of("must be a valid IP address");
        var wrong = new ArrayList<String>();
        var address = Addresses.inet(parsed.get());
        if (address.isAnyLocalAddress()) wrong.add("may not be unspecified (" + text + ")");
        if (address.isLoopbackAddress()) wrong.add("may not be in the loopback range (127.0.0.0/8, ::1/128)");
        if (address.isLinkLocalAddress()) wrong.add("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        boolean multicast = address instanceof Inet4Address
                ? Addresses.contains("224.0.0.0/24", Addresses.withoutLeadingZeros(text))
                : address.isMCLinkLocal();
        if (multicast) wrong.add("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        return wrong;
    }

    /// An IP address in the one form it has as a name.
    public static List<String> canonicalIp(String text) {
        var wrong = ip(text);
        if (!wrong.isEmpty()) return wrong;
        return Addresses.canonical(text).equals(text)
                ? List.of()
                : List.of("must be in canonical form (\"" + Addresses.canonical(text) + "\")");
    }

    /// An address and the length of its prefix.
    public static List<String> cidr(String text) {
        var sloppy = Addresses.withoutLeadingZeros(text);
        if (Addresses.prefix(sloppy) < 0)
            return List.of("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        if (!sloppy.equals(text)) return List.of("must not have leading 0s in IP or prefix length");
        if (Addresses.mapped(text.substring(0, text.indexOf('/'))))
            return List.of("must not have an IPv4-mapped IPv6 address");
        var wanted = Addresses.network(text);
        return Addresses.canonical(text.substring(0, text.indexOf('/')))
                        .equals(wanted.substring(0, wanted.indexOf('/')))
                ? List.of()
                : List.of("must not have bits set beyond the prefix length");
    }

    /// A network in the one form it has as a name.
    public static List<String> canonicalCidr(String text) {
        var wrong = cidr(text);
        if (!wrong.isEmpty() || Addresses.network(text).equals(text)) return wrong;
        return List.of("must be in canonical form (\"" + Addresses.network(text) + "\")");
    }

    private static List<String> longer(String text, int most) {
        return text.length() > most ? List.of("must be no more than " + most + " characters") : List.of();
    }

    private static boolean matches(Pattern shape, String text) {
        return shape.matcher(text).matches();
    }

    /// Whether a text is labels with dots in between.
    private static boolean dotted(String text, Pattern label) {
        int start = 0;
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', start)) {
            if (!matches(label, text.substring(start, dot))) return false;
            start = dot + 1;
        }
        return matches(label, text.substring(start));
    }

    private static List<String> both(List<String> length, boolean shaped, String wrong) {
        if (shaped) return length;
        var result = new ArrayList<>(length);
        result.add(wrong);
        return result;
    }

    /// `base` with the five random characters that generateName appends; the base is cut to keep 63 in all.
    public static String generate(String base, RandomGenerator random) {
        var name = new StringBuilder(base.length() > 58 ? base.substring(0, 58) : base);
        for (int i = 0; i < 5; i++) name.append(SUFFIX_ALPHABET.charAt(random.nextInt(SUFFIX_ALPHABET.length())));
        return name.toString();
    }

    /// A number in the alphabet of safe suffixes, as pod-template hashes are written.
    public static String safeEncode(String digits) {
        var result = new StringBuilder();
        for (char digit : digits.toCharArray()) result.append(SUFFIX_ALPHABET.charAt(digit % SUFFIX_ALPHABET.length()));
        return result.toString();
    }
}
