package io.navarch.objects;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// Reads IP addresses and CIDR blocks from text, without ever asking a name server.
public final class Addresses {
    private Addresses() {}

    /// The bytes of an address, 4 or 16. Leading zeros are refused.
    public static Optional<byte[]> parse(String text) {
        if (text.indexOf(':') >= 0) {
            if (!text.matches("[0-9A-Fa-f:.]{2,45}")) return Optional.empty();
            try {
                // Text with a colon never causes a lookup; an IPv4-mapped address comes back as four bytes.
                return Optional.of(InetAddress.getByName(text).getAddress());
            } catch (UnknownHostException e) {
                return Optional.empty();
            }
        }
        var parts = text.split("\\.", -1);
        if (parts.length != 4) return Optional.empty();
        var result = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (!parts[i].matches("0|[1-9][0-9]{0,2}")) return Optional.empty();
            int number = Integer.parseInt(parts[i]);
            if (number > 255) return Optional.empty();
            result[i] = (byte) number;
        }
        return Optional.of(result);
    }

    /// The same address or network with numbers as they are read where zeros in front of them do not matter.
    public static String withoutLeadingZeros(String text) {
        int slash = text.indexOf('/');
        var address = slash < 0 ? text : text.substring(0, slash);
        var length = slash < 0 ? "" : text.substring(slash).replaceFirst("/0+(?=[0-9])", "/");
        return (address.indexOf(':') < 0 ? address.replaceAll("(?<![0-9])0+(?=[0-9])", "") : address) + length;
    }

    /// Whether it is an IPv4 address in the form of an IPv6 address.
    public static boolean mapped(String text) {
        return six(text) && parse(text).filter(bytes -> bytes.length == 4).isPresent();
    }

    static InetAddress inet(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// A network in its canonical form, without bits beyond its length.
    ///
    /// @param cidr that [#prefix] accepts
    public static String network(String cidr) {
        int slash = cidr.indexOf('/');
        var bytes = parse(cidr.substring(0, slash)).orElseThrow();
        int length = prefix(cidr);
        for (int bit = length; bit < bytes.length * 8; bit++) bytes[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
        return canonical(inet(bytes).getHostAddress()) + "/" + length;
    }

    public static boolean isAddress(String text) {
        return parse(text).isPresent();
    }

    /// The prefix length of a CIDR block, or -1 if the text is not one.
    public static int prefix(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) return -1;
        var address = parse(text.substring(0, slash));
        int length = Integer.parseInt(text.substring(slash + 1));
        return address.isEmpty() || length > address.get().length * 8 ? -1 : length;
    }

    /// The canonical text of an address (RFC 5952): lower case, the longest run of zeros as `::`.
    ///
    /// @param text an address that [#parse] accepts
    public static String canonical(String text) {
        var bytes = parse(text).orElseThrow();
        if (bytes.length == 4) {
            return (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "." + (bytes[3] & 255);
        }
        var groups = new int[8];
        for (int i = 0; i < 8; i++) groups[i] = (bytes[2 * i] & 255) << 8 | bytes[2 * i + 1] & 255;
        int best = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) run++;
            if (run > longest) {
                longest = run;
                best = i;
            }
        }
        var result = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                result.append("::");
                i += longest - 1;
                continue;
            }
            if (!result.isEmpty() && result.charAt(result.length() - 1) != ':') result.append(':');
            result.append(Integer.toHexString(groups[i]));
        }
        return result.toString();
    }

    /// Whether an address is one that anything in a network may have: no loopback, link-local, multicast,
    /// unspecified or broadcast one, through which a caller would reach what only the machine itself may.
    public static boolean globalUnicast(String text) {
        var bytes = parse(text);
        if (bytes.isEmpty()) return false;
        var address = inet(bytes.get());
        return !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress()
                && !address.getHostAddress().equals("255.255.255.255");
    }

    public static boolean six(String text) {
        return text.indexOf(':') >= 0;
    }

    /// Whether an address lies in a CIDR block; false when either is malformed.
    public static boolean contains(String cidr, String address) {
        int length = prefix(cidr);
        var parsed = parse(address);
        if (length < 0 || parsed.isEmpty()) return false;
        var wanted = parsed.get();
        var network = parse(cidr.substring(0, cidr.indexOf('/'))).orElseThrow();
        if (network.length != wanted.length) return false;
        for (int bit = 0; bit < length; bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((network[bit >> 3] & mask) != (wanted[bit >> 3] & mask)) return false;
        }
        return true;
    }
}
