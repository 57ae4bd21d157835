package io.navarch.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Something that reads what clients send.
///
/// @param seeds what it may be sent, and what mutations begin with
/// @param words that are put into it
/// @param refusals how it may refuse; anything else that is thrown is a finding
record Target(
        String name,
        List<byte[]> seeds,
        List<byte[]> words,
        Set<Class<? extends RuntimeException>> refusals,
        Reader reader) {
    interface Reader {
        /// Reads an input.
        ///
        /// @return how much was made of it, in bytes, about
        long read(byte[] input) throws Exception;
    }

    static List<byte[]> bytes(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    boolean refuses(Throwable thrown) {
        return refusals.stream().anyMatch(type -> type.isInstance(thrown));
    }
}
