package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.Addresses;
import io.navarch.objects.GoText;

/// A network: an address and how many of its bits belong to it.
record Cidr(Ip ip, int length) implements Opaque {
    /// @return a network or a failure
    static Object parse(String text) {
        var quoted = GoText.quoted(text);
        int slash = text.lastIndexOf('/');
        var before = "network address parse error during conversion from string: ";
        if (slash < 0) return new Failure(before + before + "netip.ParsePrefix(" + quoted + "): no '/'");
        var address = text.substring(0, slash);
        if (!Addresses.isAddress(address))
            return new Failure(before + before + "netip.ParsePrefix(" + quoted + "): ParseAddr("
                    + GoText.quoted(address) + "): unable to parse IP");
        var bits = text.substring(slash + 1);
        boolean number = bits.matches("0|[1-9][0-9]{0,2}");
        if (!number)
            return new Failure(before + before + "netip.ParsePrefix(" + quoted + "): bad bits after slash: "
                    + GoText.quoted(bits));
        if (Integer.parseInt(bits) > (Addresses.six(address) ? 128 : 32))
            return new Failure(before + before + "netip.ParsePrefix(" + quoted + "): prefix length out of range");
        if (Addresses.mapped(address))
            return new Failure(before + "IPv4-mapped IPv6 address " + quoted + " is not allowed");
        return new Cidr(new Ip(Addresses.canonical(address)), Integer.parseInt(bits));
    }

    boolean contains(Ip other) {
        return ip.four() == other.four() && Addresses.contains(toString(), other.text());
    }

    boolean contains(Cidr other) {
        return length <= other.length && contains(other.ip);
    }

    Cidr masked() {
        var network = Addresses.network(toString());
        return new Cidr(new Ip(network.substring(0, network.indexOf('/'))), length);
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
