package io.navarch.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// What a log ends with: often why its writer has ended.
public final class LastLine {
    private static final int LOOKED_AT = 4096;
    private static final int MOST = 300;

    private LastLine() {}

    /// The last line with anything in it; empty when there is none.
    public static Optional<String> of(Path log) {
        var end = ByteBuffer.allocate(LOOKED_AT);
        try (var channel = FileChannel.open(log)) {
            channel.position(Math.max(0, channel.size() - LOOKED_AT));
            while (end.hasRemaining() && channel.read(end) >= 0) {
                // Until it is full or the file at its end.
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return new String(end.array(), 0, end.position(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .reduce((first, last) -> last)
                .map(line ->
                        line.strip().substring(0, Math.min(MOST, line.strip().length())));
    }
}
