package io.navarch.controllers.servicecidr;

import io.navarch.objects.View;
import java.math.BigInteger;
import java.net.InetAddress;

/// Networks and the addresses in them.
final class Cidr {
    private Cidr() {}

    /// Whether one of a ServiceCIDR's networks has an address.
    static boolean anyContains(View network, String address) {
        return network.spec().get("cidrs").strings().stream().anyMatch(cidr -> contains(cidr, address));
    }

    private static boolean contains(String cidr, String address) {
        try {
            var parts = cidr.split("/");
            var network = InetAddress.ofLiteral(parts[0]).getAddress();
            var member = InetAddress.ofLiteral(address).getAddress();
            if (network.length != member.length) return false;
            int host = network.length * 8 - Integer.parseInt(parts[1]);
            return new BigInteger(1, network).shiftRight(host).equals(new BigInteger(1, member).shiftRight(host));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
