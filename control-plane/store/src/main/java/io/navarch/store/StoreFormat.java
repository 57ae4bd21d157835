package io.navarch.store;

import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/// The file beside the data that says in which form they are, and up to which revision there must be some: files that
/// end earlier have lost their end, which they cannot know themselves.
final class StoreFormat {
    /// Raised when the rows change their meaning.
    static final int CURRENT = 2;

    private static final String NAME = "FORMAT";
    private static final String WORD = "navarch-store";

    private final Path file;
    private long revision;

    private StoreFormat(Path file, long revision) {
        this.file = file;
        this.revision = revision;
    }

    /// Reads the file, or makes it where there is no store yet.
    ///
    /// @throws StoreRefusedException when the data are in another form
    static StoreFormat of(Path directory) throws IOException {
        var file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            if (Files.exists(directory.resolve("CURRENT")))
                throw new StoreRefusedException("the store in " + directory + " has no file " + NAME
                        + ": it was written by a version of Navarch before format " + CURRENT
                        + ", or the file was removed; nothing was changed");
            var format = new StoreFormat(file, 0);
            format.write();
            return format;
        }
        return new StoreFormat(file, parse(file, Files.readString(file, StandardCharsets.ISO_8859_1)));
    }

    private static long parse(Path file, String text) {
        var words = text.strip().split(" ");
        if (words.length < 2 || !words[0].equals(WORD)) throw unreadable(file);
        int format = number(file, words[1]).intValue();
        if (format > CURRENT)
            throw new StoreRefusedException("the store in " + file.getParent() + " has format " + format
                    + ", written by a newer version of Navarch; this one knows format " + CURRENT
                    + ": start the newer version, or restore a backup; nothing was changed");
        if (format < CURRENT)
            throw new StoreRefusedException("the store in " + file.getParent() + " has format " + format
                    + ", written by an older version of Navarch; this one knows only format " + CURRENT
                    + "; nothing was changed");
        if (words.length != 4) throw unreadable(file);
        long revision = number(file, words[2]);
        if (!text.equals(line(revision))) throw unreadable(file);
        return revision;
    }

    private static Long number(Path file, String word) {
        try {
            return Long.valueOf(word);
        } catch (NumberFormatException e) {
            throw unreadable(file);
        }
    }

    private static StoreDamagedException unreadable(Path file) {
        return new StoreDamagedException(file + " is damaged");
    }

    private static String line(long revision) {
        var said = WORD + " " + CURRENT + " " + revision;
        var sum = new CRC32();
        sum.update(said.getBytes(StandardCharsets.ISO_8859_1));
        return said + " " + Long.toHexString(sum.getValue()) + "\n";
    }

    /// Up to which revision there must be data.
    synchronized long revision() {
        return revision;
    }

    /// From now on there must be data up to this revision.
    synchronized void reached(long durable) throws IOException {
        if (durable <= revision) return;
        revision = durable;
        write();
    }

    private void write() throws IOException {
        AtomicFile.write(file, line(revision).getBytes(StandardCharsets.ISO_8859_1), "rw-------");
    }
}
