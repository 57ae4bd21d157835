package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Functions of addresses and networks.
final class Networks {
    static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            Map.entry("ip", (a, budget) -> switch (a[0]) {
                case String text -> Ip.parse(text);
                case Cidr cidr -> cidr.ip();
                default -> null;
            }),
            Map.entry(
                    "isIP",
                    (a, budget) -> a[0] instanceof String text ? (Object) (Ip.parse(text) instanceof Ip) : null),
            Map.entry("ip.isCanonical", (a, budget) -> a[0] instanceof String text ? canonical(text) : null),
            Map.entry("family", (a, budget) -> a[0] instanceof Ip ip ? (Object) (ip.four() ? 4L : 6L) : null),
            of("isUnspecified", Ip::unspecified),
            of("isLoopback", Ip::loopback),
            of("isLinkLocalMulticast", Ip::linkLocalMulticast),
            of("isLinkLocalUnicast", Ip::linkLocalUnicast),
            of("isGlobalUnicast", Ip::globalUnicast),
            Map.entry("cidr", (a, budget) -> a[0] instanceof String text ? Cidr.parse(text) : null),
            Map.entry(
                    "isCIDR",
                    (a, budget) -> a[0] instanceof String text ? (Object) (Cidr.parse(text) instanceof Cidr) : null),
            Map.entry("containsIP", (a, budget) -> a[0] instanceof Cidr cidr ? containsIp(cidr, a[1]) : null),
            Map.entry("containsCIDR", (a, budget) -> a[0] instanceof Cidr cidr ? containsCidr(cidr, a[1]) : null),
            Map.entry("masked", (a, budget) -> a[0] instanceof Cidr cidr ? cidr.masked() : null),
            Map.entry("prefixLength", (a, budget) -> a[0] instanceof Cidr cidr ? (Object) (long) cidr.length() : null));

    private Networks() {}

    private static Map.Entry<String, Function> of(String name, Predicate<Ip> test) {
        return Map.entry(name, (a, budget) -> a[0] instanceof Ip ip ? (Object) test.test(ip) : null);
    }

    private static Object canonical(String text) {
        return switch (Ip.parse(text)) {
            case Ip ip -> ip.toString().equals(text);
            case Object failure -> failure;
        };
    }

    private static @Nullable Object containsIp(Cidr cidr, Object other) {
        return switch (other instanceof String text ? Ip.parse(text) : other) {
            case Ip ip -> cidr.contains(ip);
            case Failure failure -> failure;
            default -> null;
        };
    }

    private static @Nullable Object containsCidr(Cidr cidr, Object other) {
        return switch (other instanceof String text ? Cidr.parse(text) : other) {
            case Cidr inner -> cidr.contains(inner);
            case Failure failure -> failure;
            default -> null;
        };
    }
}
