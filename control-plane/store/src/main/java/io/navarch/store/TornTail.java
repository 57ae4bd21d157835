package io.navarch.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last record of a log, torn by a loss of power: the file has become longer, and some of its sectors have not been
/// written. Nobody was told of what such a record says, since that needs all of them; without it the store is as it
/// was. RocksDB only knows records that end too early.
///
/// What is torn is told from damage by this: a part of the record that lies in one sector is nothing but zeros, and no
/// other record comes after it. All else is damage, and stays as it is.
///
/// Source: https://github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format
final class TornTail {
    private static final Logger LOG = LoggerFactory.getLogger(TornTail.class);

    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;
    /// What a disk writes as a whole.
    private static final int SECTOR = 512;
    /// Fewer zeros may be a record's own.
    private static final int ZEROS = 8;

    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int LAST = 4;

    private final byte[] log;

    private TornTail(byte[] log) {
        this.log = log;
    }

    /// Cuts off what is torn of the newest write-ahead log and of the manifest. The store must be nobody's.
    ///
    /// @return whether there was anything
    static boolean cut(Path directory) throws IOException {
        boolean any = false;
        for (var file : List.of(newestLog(directory), manifest(directory))) {
            if (file.isPresent()) any |= cutFile(file.get());
        }
        return any;
    }

    private static Optional<Path> newestLog(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]{1,18}\\.log"))
                    .max(Comparator.comparingLong(TornTail::number));
        }
    }

    private static long number(Path log) {
        var name = log.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - ".log".length()));
    }

    private static Optional<Path> manifest(Path directory) throws IOException {
        var name = Files.readString(directory.resolve("CURRENT"), StandardCharsets.ISO_8859_1)
                .strip();
        if (!name.matches("MANIFEST-[0-9]+")) return Optional.empty();
        return Optional.of(directory.resolve(name)).filter(Files::isRegularFile);
    }

    private static boolean cutFile(Path file) throws IOException {
        var torn = find(Files.readAllBytes(file));
        if (torn.isEmpty()) return false;
        LOG.warn("a write at the end of {} was not finished when the power went; nobody was told of it", file);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(torn.getAsInt());
            channel.force(true);
        }
        return true;
    }

    /// Where the torn record begins.
    static OptionalInt find(byte[] log) {
        return new TornTail(log).find();
    }

    private OptionalInt find() {
        int start = 0;
        boolean inside = false;
        for (int at = next(0); at + HEADER <= log.length; at = next(end(at))) {
            if (!valid(at)) {
                if (reachesBeyond(at)) return OptionalInt.empty();
                return torn(at) && !followed(at) ? OptionalInt.of(inside ? start : at) : OptionalInt.empty();
            }
            int type = log[at + 6];
            if (type == FULL || type == FIRST) start = at;
            inside = type != FULL && type != LAST;
        }
        return OptionalInt.empty();
    }

    /// The end of a block has no room for a header.
    private static int next(int at) {
        int left = BLOCK - at % BLOCK;
        return left < HEADER ? at + left : at;
    }

    private int length(int at) {
        return log[at + 4] & 0xff | (log[at + 5] & 0xff) << 8;
    }

    private int end(int at) {
        return at + HEADER + length(at);
    }

    /// Whether this may be the header of a part of a record.
    private boolean plausible(int at) {
        return log[at + 6] >= FULL && log[at + 6] <= LAST && at % BLOCK + HEADER + length(at) <= BLOCK;
    }

    /// RocksDB passes over a record that ends too early.
    private boolean reachesBeyond(int at) {
        return plausible(at) && end(at) > log.length;
    }

    private boolean valid(int at) {
        if (!plausible(at) || end(at) > log.length) return false;
        var sum = new CRC32C();
        sum.update(log, at + 6, 1 + length(at));
        int value = (int) sum.getValue();
        int masked = (value >>> 15 | value << 17) + 0xa282ead8;
        return masked
                == ByteBuffer.wrap(log, at, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private boolean torn(int at) {
        int end = plausible(at) ? end(at) : log.length;
        for (int from = at; from < end; ) {
            int to = Math.min(end, (from / SECTOR + 1) * SECTOR);
            if (to - from >= ZEROS && zeros(from, to)) return true;
            from = to;
        }
        return false;
    }

    private boolean zeros(int from, int to) {
        for (int i = from; i < to; i++) if (log[i] != 0) return false;
        return true;
    }

    /// Whether another record begins after this one, as far as that can be told.
    private boolean followed(int at) {
        int from = plausible(at) ? next(end(at)) : (at / BLOCK + 1) * BLOCK;
        while (from + HEADER <= log.length) {
            if (!valid(from)) {
                from = (from / BLOCK + 1) * BLOCK;
                continue;
            }
            if (log[from + 6] == FULL || log[from + 6] == FIRST) return true;
            from = next(end(from));
        }
        return false;
    }
}
