package io.navarch.objects;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads IP addresses and CIDR blocks from text, without ever asking a name server.
public final class Addresses {
    private Addresses() {}

    private static final int LONGEST = 45;

    /// The bytes of an address, 4 or 16. Leading zeros are refused; an IPv4 address in the form of an IPv6 address has
    /// four bytes.
    public static Optional<byte[]> parse(String text) {
        if (text.length() > LONGEST) return Optional.empty();
        var bytes = six(text) ? parseSix(text) : parseFour(text, 0, false);
        return Optional.ofNullable(bytes);
    }

    /// @param zeros whether numbers may have zeros in front
    private static byte @Nullable [] parseFour(String text, int from, boolean zeros) {
        var bytes = new byte[4];
        int at = from;
        for (int i = 0; i < 4; i++) {
            int start = at;
            int number = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9')
                if ((number = number * 10 + text.charAt(at++) - '0') > 255) return null;
            if (at == start || !zeros && at > start + 1 && text.charAt(start) == '0') return null;
            bytes[i] = (byte) number;
            boolean ends = at == text.length();
            if (ends != (i == 3) || !ends && text.charAt(at++) != '.') return null;
        }
        return bytes;
    }

    private static byte @Nullable [] parseSix(String text) {
        var bytes = new byte[16];
        int length = text.length();
        int filled = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < length) {
            if (filled == 16) return null;
            int start = at;
            int group = 0;
            while (at < length && at < start + 4 && hexadecimal(text.charAt(at)))
                group = group << 4 | Character.digit(text.charAt(at++), 16);
            if (at < length && text.charAt(at) == '.') {
                var four = filled > 12 ? null : parseFour(text, start, true);
                if (four == null) return null;
                System.arraycopy(four, 0, bytes, filled, 4);
                filled += 4;
                break;
            }
            if (at == start) return null;
            bytes[filled++] = (byte) (group >> 8);
            bytes[filled++] = (byte) group;
            if (at == length) break;
            if (text.charAt(at++) != ':' || at == length) return null;
            if (text.charAt(at) != ':') continue;
            if (gap >= 0) return null;
            gap = filled;
            at++;
        }
        if (gap < 0 ? filled != 16 : filled == 16) return null;
        if (gap >= 0) {
            int behind = filled - gap;
            System.arraycopy(bytes, gap, bytes, 16 - behind, behind);
            Arrays.fill(bytes, gap, 16 - behind, (byte) 0);
        }
        return mapped(bytes) ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
    }

    private static boolean hexadecimal(char c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }

    private static boolean mapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) if (bytes[i] != 0) return false;
        return bytes[10] == -1 && bytes[11] == -1;
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
        return text(bytes) + "/" + length;
    }

    public static boolean isAddress(String text) {
        return parse(text).isPresent();
    }

    /// The prefix length of a CIDR block, or -1 if the text is not one.
    public static int prefix(String text) {
        int slash = text.indexOf('/');
        int length = slash < 0 ? -1 : length(text.substring(slash + 1));
        if (length < 0) return -1;
        var address = parse(text.substring(0, slash));
        return address.isEmpty() || length > address.get().length * 8 ? -1 : length;
    }

    /// How many bits belong to a network, as it stands behind the slash: up to three digits without zeros in front; or
    /// -1.
    public static int length(String text) {
        if (text.isEmpty() || text.length() > 3 || text.length() > 1 && text.charAt(0) == '0') return -1;
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') return -1;
            length = length * 10 + c - '0';
        }
        return length;
    }

    /// The canonical text of an address (RFC 5952): lower case, the longest run of zeros as `::`.
    ///
    /// @param text an address that [#parse] accepts
    public static String canonical(String text) {
        return text(parse(text).orElseThrow());
    }

    /// The canonical text of an address of 4 or 16 bytes.
    public static String text(byte[] bytes) {
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
