package io.navarch.objects;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Texts in UTF-8 from others: bytes that are none are an error, where Java would put something else for them.
public final class Utf8 {
    private Utf8() {}

    public static String strict(byte[] bytes) throws CharacterCodingException {
        return strict(bytes, 0, bytes.length);
    }

    public static String strict(byte[] bytes, int offset, int length) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, offset, length))
                .toString();
    }
}
