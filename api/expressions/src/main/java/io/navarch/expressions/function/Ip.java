package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.Addresses;
import io.navarch.objects.GoText;
import java.util.Arrays;
import java.util.HexFormat;

/// An address of IPv4 or IPv6.
record Ip(String text) implements Opaque {
    /// @return an address or a failure
    static Object parse(String text) {
        var quoted = GoText.quoted(text);
        if (text.contains("%"))
            return text.contains(":")
                            && !text.endsWith("%")
                            && Addresses.isAddress(text.substring(0, text.indexOf('%')))
                    ? new Failure("IP address " + quoted + " with zone value is not allowed")
                    : wrong(quoted, text);
        if (!Addresses.isAddress(text)) return wrong(quoted, text);
        if (Addresses.mapped(text)) return new Failure("IPv4-mapped IPv6 address " + quoted + " is not allowed");
        return new Ip(Addresses.canonical(text));
    }

    private static Failure wrong(String quoted, String text) {
        return new Failure("IP Address " + quoted + " parse error during conversion from string: ParseAddr(" + quoted
                + "): " + (text.contains(".") || text.contains(":") ? "unexpected character" : "unable to parse IP"));
    }

    byte[] bytes() {
        return Addresses.parse(text).orElseThrow();
    }

    boolean four() {
        return !Addresses.six(text);
    }

    boolean unspecified() {
        return text.equals("0.0.0.0") || text.equals("::");
    }

    boolean loopback() {
        return four() ? bytes()[0] == 127 : text.equals("::1");
    }

    boolean linkLocalMulticast() {
        var bytes = bytes();
        return four()
                ? HexFormat.of().formatHex(bytes, 0, 3).equals("e00000")
                : bytes[0] == (byte) 0xff && (bytes[1] & 0x0f) == 2;
    }

    boolean linkLocalUnicast() {
        var bytes = bytes();
        return four()
                ? bytes[0] == (byte) 169 && bytes[1] == (byte) 254
                : bytes[0] == (byte) 0xfe && (bytes[1] & 0xc0) == 0x80;
    }

    boolean globalUnicast() {
        var bytes = bytes();
        var broadcast = new byte[] {-1, -1, -1, -1};
        boolean multicast = four() ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == (byte) 0xff;
        return !unspecified() && !loopback() && !multicast && !linkLocalUnicast() && !Arrays.equals(bytes, broadcast);
    }

    @Override
    public String typeName() {
        return "net.IP";
    }

    @Override
    public long size() {
        return four() ? 4 : 16;
    }

    @Override
    public String toString() {
        return text;
    }
}
