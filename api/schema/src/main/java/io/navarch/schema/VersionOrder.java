package io.navarch.schema;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Pattern;

/// The order of a group's versions, the one that clients should prefer first: GA before beta before alpha, then the
/// higher number; names of another form come last, by the alphabet.
///
/// Source:
/// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority
public final class VersionOrder {
    private static final Pattern VERSION = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");

    public static final Comparator<String> NEWEST_FIRST = Comparator.comparing(Rank::of);

    private VersionOrder() {}

    /// @param stage 0 for names of another form, 1 alpha, 2 beta, 3 GA
    private record Rank(String name, int stage, BigInteger major, BigInteger minor) implements Comparable<Rank> {
        static Rank of(String name) {
            var matcher = VERSION.matcher(name);
            if (!matcher.matches()) return new Rank(name, 0, BigInteger.ZERO, BigInteger.ZERO);
            int stage = switch (matcher.group(2)) {
                case "alpha" -> 1;
                case "beta" -> 2;
                case null, default -> 3;
            };
            var minor = matcher.group(3) == null ? BigInteger.ZERO : new BigInteger(matcher.group(3));
            return new Rank(name, stage, new BigInteger(matcher.group(1)), minor);
        }

        @Override
        public int compareTo(Rank other) {
            if (stage != other.stage) return Integer.compare(other.stage, stage);
            if (stage == 0) return name.compareTo(other.name);
            int majors = other.major.compareTo(major);
            return majors == 0 ? other.minor.compareTo(minor) : majors;
        }
    }
}
