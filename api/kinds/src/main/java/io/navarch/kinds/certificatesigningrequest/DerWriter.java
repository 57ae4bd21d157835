package io.navarch.kinds.certificatesigningrequest;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.HexFormat;

/// The few kinds of values of DER that a request is written with.
final class DerWriter {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OID = 0x06;

    private DerWriter() {}

    static byte[] of(int tag, byte[]... contents) {
        var content = new ByteArrayOutputStream();
        for (var each : contents) content.writeBytes(each);
        var whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.size();
        if (length > 0xff) {
            whole.write(0x82);
            whole.write(length >> 8);
        } else if (length > 0x7f) {
            whole.write(0x81);
        }
        whole.write(length);
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    static byte[] sequence(byte[]... contents) {
        return of(DerReader.SEQUENCE, contents);
    }

    static byte[] number(int small) {
        return of(INTEGER, new byte[] {(byte) small});
    }

    static byte[] bits(byte[] whole) {
        return of(BIT_STRING, new byte[] {0}, whole);
    }

    /// @param hex its encoded form
    static byte[] oid(String hex) {
        return of(OID, HexFormat.of().parseHex(hex));
    }

    static byte[] address(String text) {
        return InetAddress.ofLiteral(text).getAddress();
    }
}
