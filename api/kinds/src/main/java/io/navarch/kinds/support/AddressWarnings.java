package io.navarch.kinds.support;

import io.navarch.objects.Addresses;
import java.util.List;

/// What is said of addresses that are taken, but not written as they should be.
public final class AddressWarnings {
    private static final String CANONICAL = " should be in RFC 5952 canonical format (\"";

    private AddressWarnings() {}

    /// @param address that is one, or nothing is said of it
    public static List<String> ip(String path, String address) {
        if (!Addresses.six(address) || !Addresses.isAddress(address)) return List.of();
        var wanted = Addresses.canonical(address);
        if (wanted.equals(address)) return List.of();
        return List.of(path + ": IPv6 address \"" + address + "\"" + CANONICAL + wanted + "\")");
    }

    /// @param cidr that is a network, or nothing is said of it
    public static List<String> cidr(String path, String cidr) {
        if (!Addresses.six(cidr) || Addresses.prefix(cidr) < 0) return List.of();
        var wanted = Addresses.network(cidr);
        if (wanted.equals(cidr)) return List.of();
        return List.of(path + ": IPv6 CIDR value \"" + cidr + "\"" + CANONICAL + wanted + "\")");
    }
}
