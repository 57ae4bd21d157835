package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.Addresses;
import io.navarch.objects.GoText;
import java.util.function.Supplier;

/// A network: an address and how many of its bits belong to it.
record Cidr(Ip ip, int length) implements Opaque {
    private static final String BEFORE = "network address parse error during conversion from string: ";

    /// @return a network or a failure
    static Object parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0) return wrong(text, () -> "no '/'");
        var address = text.substring(0, slash);
        var bytes = Addresses.parse(address);
        if (bytes.isEmpty()) return wrong(text, () -> "ParseAddr(" + GoText.quoted(address) + "): unable to parse IP");
        var bits = text.substring(slash + 1);
        int length = Addresses.length(bits);
        if (length < 0) return wrong(text, () -> "bad bits after slash: " + GoText.quoted(bits));
        boolean six = Addresses.six(address);
        if (length > (six ? 128 : 32)) return wrong(text, () -> "prefix length out of range");
        if (six && bytes.get().length == 4)
            return new Failure(() -> BEFORE + "IPv4-mapped IPv6 address " + GoText.quoted(text) + " is not allowed");
        return new Cidr(Ip.of(bytes.get()), length);
    }

    private static Failure wrong(String text, Supplier<String> why) {
        return new Failure(() -> BEFORE + BEFORE + "netip.ParsePrefix(" + GoText.quoted(text) + "): " + why.get());
    }

    boolean contains(Ip other) {
        return ip.four() == other.four() && ip.network(length).equals(other.network(length));
    }

    boolean contains(Cidr other) {
        return length <= other.length && contains(other.ip);
    }

    Cidr masked() {
        return new Cidr(ip.network(length), length);
    }

    @Override
    public String typeName() {
        return "net.CIDR";
    }

    @Override
    public long size() {
        return (length + 7L) / 8;
    }

    @Override
    public String toString() {
        return ip + "/" + length;
    }
}
