package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.GoText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A version by the rules of semantic versioning.
///
/// @param before the identifiers of what comes before the version itself, such as `alpha.1`
/// @param build what says nothing about the order
record Semver(long major, long minor, long patch, List<String> before, List<String> build)
        implements Opaque, Comparable<Semver> {
    /// @return a version or a failure
    static Object parse(String text) {
        try {
            return parsed(text);
        } catch (Wrong e) {
            return e.failure("");
        }
    }

    /// As [#parse], also with a `v` in front, without the last numbers, with zeros in front of numbers.
    static Object parseTolerant(String given) {
        var text = given.startsWith("v") ? given.substring(1) : given;
        var parts = new ArrayList<>(List.of(text.split("\\.", 3)));
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            if (part.length() < 2) continue;
            part = part.replaceAll("^0+", "");
            if (part.isEmpty() || !Character.isDigit(part.charAt(0))) part = "0" + part;
            parts.set(i, part);
        }
        if (parts.size() < 3) {
            if (parts.getLast().indexOf('-') >= 0 || parts.getLast().indexOf('+') >= 0)
                return new Failure("short version cannot contain PreRelease/Build meta data");
            while (parts.size() < 3) parts.add("0");
        }
        return parse(String.join(".", parts));
    }

    private static Semver parsed(String text) {
        if (text.isEmpty()) throw new Wrong("Version string empty");
        var parts = text.split("\\.", 3);
        if (parts.length != 3) throw new Wrong("No Major.Minor.Patch elements found");
        long major = number(parts[0], "Major number");
        long minor = number(parts[1], "Minor number");
        var rest = parts[2];
        List<String> build = List.of();
        int plus = rest.indexOf('+');
        if (plus >= 0) {
            build = List.of(rest.substring(plus + 1).split("\\.", -1));
            rest = rest.substring(0, plus);
        }
        List<String> before = List.of();
        int dash = rest.indexOf('-');
        if (dash >= 0) {
            before = List.of(rest.substring(dash + 1).split("\\.", -1));
            rest = rest.substring(0, dash);
        }
        long patch = number(rest, "Patch number");
        for (var each : before) before(each);
        for (var each : build) {
            if (each.isEmpty()) throw new Wrong("Build meta data is empty");
            if (!identifier(each))
                throw new Wrong(() -> "Invalid character(s) found in build meta data " + GoText.quoted(each));
        }
        return new Semver(major, minor, patch, before, build);
    }

    private static void before(String text) {
        if (text.isEmpty()) throw new Wrong("Prerelease is empty");
        if (digits(text)) {
            if (text.length() > 1 && text.startsWith("0"))
                throw new Wrong(
                        () -> "Numeric PreRelease version must not contain leading zeroes " + GoText.quoted(text));
        } else if (!identifier(text))
            throw new Wrong(() -> "Invalid character(s) found in prerelease " + GoText.quoted(text));
    }

    private static long number(String text, String name) {
        if (!text.isEmpty() && !digits(text))
            throw new Wrong(
                    () -> "Invalid character(s) found in " + name.toLowerCase(Locale.ROOT) + " " + GoText.quoted(text));
        if (text.length() > 1 && text.startsWith("0"))
            throw new Wrong(() -> name + " must not contain leading zeroes " + GoText.quoted(text));
        var number = Numbers.unsigned(text);
        if (number == null)
            throw new Wrong(() -> "strconv.ParseUint: parsing " + GoText.quoted(text) + ": "
                    + (text.isEmpty() ? "invalid syntax" : "value out of range"));
        return number.bits();
    }

    private static boolean digits(String text) {
        for (int i = 0; i < text.length(); i++) if (!digit(text.charAt(i))) return false;
        return !text.isEmpty();
    }

    private static boolean identifier(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!digit(c) && c != '-' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) return false;
        }
        return !text.isEmpty();
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    @Override
    public int compareTo(Semver other) {
        int order = Long.compareUnsigned(major, other.major);
        if (order == 0) order = Long.compareUnsigned(minor, other.minor);
        if (order == 0) order = Long.compareUnsigned(patch, other.patch);
        if (order != 0) return order;
        if (before.isEmpty() || other.before.isEmpty())
            return Boolean.compare(before.isEmpty(), other.before.isEmpty());
        for (int i = 0; i < Math.min(before.size(), other.before.size()); i++) {
            order = compare(before.get(i), other.before.get(i));
            if (order != 0) return order;
        }
        return Integer.compare(before.size(), other.before.size());
    }

    private static int compare(String one, String other) {
        boolean a = digits(one);
        boolean b = digits(other);
        if (a && b) return new BigInteger(one).compareTo(new BigInteger(other));
        return a == b ? one.compareTo(other) : a ? -1 : 1;
    }

    @Override
    public boolean same(Opaque other) {
        return other instanceof Semver version && compareTo(version) == 0;
    }

    @Override
    public String typeName() {
        return "kubernetes.Semver";
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch + (before.isEmpty() ? "" : "-" + String.join(".", before))
                + (build.isEmpty() ? "" : "+" + String.join(".", build));
    }
}
