package io.navarch.kinds.certificatesigningrequest;

import java.math.BigInteger;
import java.util.Arrays;

/// Reads one DER structure strictly: definite lengths in their shortest form, nothing left over. What can be read
/// in two ways is not read at all, because whoever signs it must not understand something else by it.
///
/// Source: ITU-T X.690
final class DerReader {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    private final byte[] bytes;
    private final int end;
    private int at;

    DerReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private DerReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    boolean more() {
        return at < end;
    }

    /// The tag of the next element, -1 at the end.
    int tag() {
        return more() ? bytes[at] & 0xff : -1;
    }

    /// The contents of the next element.
    DerReader next(int tag) {
        if (tag() != tag) throw new IllegalArgumentException("asn1: structure error: tags don't match");
        int length = length();
        var contents = new DerReader(bytes, at, at + length);
        at += length;
        return contents;
    }

    /// The next element as it stands, header and all.
    byte[] whole(int tag) {
        int start = at;
        next(tag);
        return Arrays.copyOfRange(bytes, start, at);
    }

    private int length() {
        int first = at + 1 < end ? bytes[at + 1] & 0xff : -1;
        if (first < 0) throw truncated();
        at += 2;
        int length = first;
        if (first >= 0x80) {
            int count = first & 0x7f;
            if (count == 0 || count > 3 || at + count > end)
                throw new IllegalArgumentException("asn1: structure error: length too large");
            length = 0;
            for (int i = 0; i < count; i++) length = length << 8 | bytes[at++] & 0xff;
            if (length < 0x80 || length >> 8 * (count - 1) == 0)
                throw new IllegalArgumentException("asn1: structure error: non-minimal length");
        }
        if (length > end - at) throw truncated();
        return length;
    }

    private static IllegalArgumentException truncated() {
        return new IllegalArgumentException("asn1: syntax error: data truncated");
    }

    /// Everything of these contents that has not been read.
    byte[] rest() {
        var rest = Arrays.copyOfRange(bytes, at, end);
        at = end;
        return rest;
    }

    void finish() {
        if (more()) throw new IllegalArgumentException("asn1: syntax error: trailing data");
    }

    /// The next element, which is a bit string of whole bytes.
    byte[] bits() {
        var contents = next(BIT_STRING).rest();
        if (contents.length == 0 || contents[0] != 0)
            throw new IllegalArgumentException("asn1: structure error: a bit string of odd bits");
        return Arrays.copyOfRange(contents, 1, contents.length);
    }

    BigInteger integer() {
        var contents = next(INTEGER).rest();
        if (contents.length == 0) throw new IllegalArgumentException("asn1: structure error: empty integer");
        return new BigInteger(contents);
    }

    /// The next element, which is an object identifier, as numbers with dots.
    String oid() {
        var contents = next(OBJECT_IDENTIFIER).rest();
        if (contents.length == 0 || contents.length > 64 || contents[contents.length - 1] < 0)
            throw new IllegalArgumentException("asn1: structure error: invalid object identifier");
        var text = new StringBuilder();
        var value = BigInteger.ZERO;
        for (byte each : contents) {
            if (value.signum() == 0 && (each & 0xff) == 0x80)
                throw new IllegalArgumentException("asn1: structure error: non-minimal object identifier");
            value = value.shiftLeft(7).or(BigInteger.valueOf(each & 0x7f));
            if (each < 0) continue;
            if (text.isEmpty()) {
                int root = Math.min(2, value.intValue() / 40);
                text.append(root).append('.').append(value.subtract(BigInteger.valueOf(40L * root)));
            } else {
                text.append('.').append(value);
            }
            value = BigInteger.ZERO;
        }
        return text.toString();
    }
}
