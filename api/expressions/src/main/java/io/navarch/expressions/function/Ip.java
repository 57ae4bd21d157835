package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.Addresses;
import io.navarch.objects.GoText;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/// An address of IPv4 or IPv6.
///
/// @param high the first half of an address of IPv6
/// @param low the other half, or an address of IPv4
record Ip(boolean four, long high, long low) implements Opaque {
    private static final long OF_FOUR = 0xffff_ffffL;

    /// @return an address or a failure
    static Object parse(String text) {
        int zone = text.indexOf('%');
        if (zone >= 0)
            return Addresses.six(text) && zone < text.length() - 1 && Addresses.isAddress(text.substring(0, zone))
                    ? new Failure(() -> "IP address " + GoText.quoted(text) + " with zone value is not allowed")
                    : wrong(text);
        var bytes = Addresses.parse(text);
        if (bytes.isEmpty()) return wrong(text);
        return Addresses.six(text) && bytes.get().length == 4
                ? new Failure(() -> "IPv4-mapped IPv6 address " + GoText.quoted(text) + " is not allowed")
                : of(bytes.get());
    }

    static Ip of(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? new Ip(true, 0, buffer.getInt() & OF_FOUR)
                : new Ip(false, buffer.getLong(), buffer.getLong());
    }

    private static Failure wrong(String text) {
        Supplier<String> why = () -> {
            var quoted = GoText.quoted(text);
            return "IP Address " + quoted + " parse error during conversion from string: ParseAddr(" + quoted + "): "
                    + (text.contains(".") || text.contains(":") ? "unexpected character" : "unable to parse IP");
        };
        return new Failure(why);
    }

    /// The same address with only the first of its bits.
    Ip network(int length) {
        if (four) return new Ip(true, 0, low & first(length + 32) & OF_FOUR);
        return new Ip(false, high & first(Math.min(64, length)), low & first(Math.max(0, length - 64)));
    }

    private static long first(int bits) {
        return bits == 0 ? 0 : -1L << 64 - bits;
    }

    boolean unspecified() {
        return high == 0 && low == 0;
    }

    boolean loopback() {
        return four ? low >>> 24 == 127 : high == 0 && low == 1;
    }

    private boolean multicast() {
        return four ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    boolean linkLocalMulticast() {
        return four ? low >>> 8 == 0xe00000 : multicast() && (high >>> 48 & 0xf) == 2;
    }

    boolean linkLocalUnicast() {
        return four ? low >>> 16 == 0xa9fe : high >>> 54 == 0xfe80 >>> 6;
    }

    boolean globalUnicast() {
        boolean broadcast = four && low == OF_FOUR;
        return !unspecified() && !loopback() && !multicast() && !linkLocalUnicast() && !broadcast;
    }

    @Override
    public String typeName() {
        return "net.IP";
    }

    @Override
    public long size() {
        return four ? 4 : 16;
    }

    @Override
    public String toString() {
        return Addresses.text(
                four
                        ? ByteBuffer.allocate(4).putInt((int) low).array()
                        : ByteBuffer.allocate(16).putLong(high).putLong(low).array());
    }
}
