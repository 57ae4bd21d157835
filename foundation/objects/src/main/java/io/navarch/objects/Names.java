package io.navarch.objects;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// The name rules of Kubernetes with their published error texts.
///
/// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
public final class Names {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern LABEL_VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final Pattern ENV_NAME = Pattern.compile("[ -<>-~]+");
    private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    /// What a percentage must be.
    public static final String PERCENT = "a valid percent string must be a numeric string followed by an ending '%'"
            + " (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    private Names() {}

    public static Optional<String> dnsLabel(String name) {
        if (name.length() > 63) return Optional.of("must be no more than 63 characters");
        if (LABEL.matcher(name).matches()) return Optional.empty();
        return Optional.of(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must"
                        + " start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for"
                        + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
    }

    public static Optional<String> dns1035Label(String name) {
        if (name.length() > 63) return Optional.of("must be no more than 63 characters");
        if (LABEL_1035.matcher(name).matches()) return Optional.empty();
        return Optional.of("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
                + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex"
                + " used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
    }

    public static Optional<String> dnsSubdomain(String name) {
        if (name.length() > 253) return Optional.of("must be no more than 253 characters");
        if (SUBDOMAIN.matcher(name).matches()) return Optional.empty();
        return Optional.of(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
                        + " and must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                        + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    /// A name that can stand as one segment of a URL path (RBAC objects).
    public static Optional<String> pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) return Optional.of("may not be '" + name + "'");
        if (name.contains("/")) return Optional.of("may not contain '/'");
        if (name.contains("%")) return Optional.of("may not contain '%'");
        return Optional.empty();
    }

    public static Optional<String> qualifiedName(String key) {
        var slash = key.indexOf('/');
        if (key.indexOf('/', slash + 1) > 0)
            return Optional.of(
                    "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with"
                            + " an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
                            + " validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain"
                            + " prefix and '/' (e.g. 'example.com/MyName')");
        if (slash == 0) return Optional.of("prefix part must be non-empty");
        if (slash > 0) {
            var wrong = dnsSubdomain(key.substring(0, slash));
            if (wrong.isPresent()) return wrong.map(text -> "prefix part " + text);
        }
        var name = key.substring(slash + 1);
        if (name.isEmpty()) return Optional.of("name part must be non-empty");
        if (name.length() > 63) return Optional.of("name part must be no more than 63 characters");
        if (QUALIFIED.matcher(name).matches()) return Optional.empty();
        return Optional.of(
                "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with"
                        + " an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                        + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
    }

    public static Optional<String> labelValue(String value) {
        if (value.length() > 63) return Optional.of("must be no more than 63 characters");
        if (LABEL_VALUE.matcher(value).matches()) return Optional.empty();
        return Optional.of(
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.',"
                        + " and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
                        + " regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
    }

    public static Optional<String> configKey(String key) {
        if (key.length() > 253) return Optional.of("must be no more than 253 characters");
        if (!CONFIG_KEY.matcher(key).matches()) {
            return Optional.of("a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
                    + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
        }
        if (key.equals(".") || key.startsWith("..")) return Optional.of("must not be '.' or start with '..'");
        return Optional.empty();
    }

    public static Optional<String> envName(String name) {
        if (ENV_NAME.matcher(name).matches()) return Optional.empty();
        return Optional.of(
                "a valid environment variable name must consist only of printable ASCII characters other than '='");
    }

    /// A name of a port (`IANA_SVC_NAME`).
    public static Optional<String> portName(String name) {
        if (name.length() > 15) return Optional.of("must be no more than 15 characters");
        if (!name.matches("[-a-z0-9]+"))
            return Optional.of("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        if (!name.matches(".*[a-z].*")) return Optional.of("must contain at least one letter (a-z)");
        if (name.contains("--")) return Optional.of("must not contain consecutive hyphens");
        if (name.startsWith("-") || name.endsWith("-")) return Optional.of("must not begin or end with a hyphen");
        return Optional.empty();
    }

    /// An IPv4 or IPv6 address.
    public static Optional<String> ip(String text) {
        return Addresses.parse(text) != null
                ? Optional.empty()
                : Optional.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }

    /// An IP address in the one form it has as a name.
    public static Optional<String> canonicalIp(String text) {
        var wrong = ip(text);
        if (wrong.isPresent()) return wrong;
        return Addresses.canonical(text).equals(text)
                ? Optional.empty()
                : Optional.of("must be in canonical form (\"" + Addresses.canonical(text) + "\")");
    }

    /// An address and the length of its prefix.
    public static Optional<String> cidr(String text) {
        return Addresses.prefix(text) >= 0
                ? Optional.empty()
                : Optional.of("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
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
