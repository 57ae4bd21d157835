package io.navarch.agent.credentials;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// What a program writes, read while it runs, which need not come to an end: as long as anybody has the other end of a
/// pipe, nobody knows whether more follows.
final class WrittenOutput {
    /// What is longer is not read: the rest of it is no answer.
    private static final int LONGEST = 1 << 20;

    private static final int CHUNK = 8 << 10;
    private static final int ENDS = 20;
    private static final Duration AGAIN = Duration.ofMillis(5);

    /// Safe for several threads.
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();

    private final Thread reader;

    private WrittenOutput(InputStream stream) {
        // Of the platform: reading from a pipe holds the carrier of a virtual one.
        reader = Thread.ofPlatform().daemon().name("credential-provider").unstarted(() -> read(stream));
    }

    static WrittenOutput of(InputStream stream) {
        var output = new WrittenOutput(stream);
        output.reader.start();
        return output;
    }

    /// When the program ends, Java takes what is in the pipe for itself, and gives it out only after the pipe's end may
    /// have been seen here: so it is asked again for a moment.
    private void read(InputStream stream) {
        try (stream) {
            for (int ends = 0; ends < ENDS && read.size() < LONGEST; ) {
                if (more(stream)) continue;
                ends++;
                Thread.sleep(AGAIN);
            }
        } catch (IOException | InterruptedException e) {
            // What has been read before is all.
            return;
        }
    }

    private boolean more(InputStream stream) {
        var chunk = new byte[CHUNK];
        try {
            int length = stream.read(chunk, 0, Math.min(chunk.length, LONGEST - read.size()));
            if (length > 0) read.write(chunk, 0, length);
            return length > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// All until its end, or what there is after a while.
    byte[] taken(Duration patience) throws InterruptedException {
        // Either way what there is is taken.
        boolean ignored = reader.join(patience);
        return read.toByteArray();
    }
}
