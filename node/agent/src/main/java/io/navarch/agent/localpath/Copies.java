package io.navarch.agent.localpath;

import io.navarch.agent.linux.CopiedTree;
import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.LongWork;
import io.navarch.agent.linux.RemovedTree;
import io.navarch.agent.volumes.KeyedLocks;
import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Volumes and snapshots that begin as copies of others, one at a time. A copy has another name until it is complete.
/// One that was interrupted goes on where it was, if nobody can have changed what it is made from; of a volume that is
/// in use it begins anew.
final class Copies {
    private static final Logger LOG = LoggerFactory.getLogger(Copies.class);
    private static final String PART = ".part";
    private static final FileAttribute<Set<PosixFilePermission>> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    /// What a copy leaves free: a full disk is everybody's trouble.
    private static final long ROOM = 256L << 20;
    /// Nobody gives up a copy because it is long.
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Path root;
    private final long room;
    private final LongWork work;
    private final Semaphore one = new Semaphore(1, true);
    private final KeyedLocks locks = new KeyedLocks();

    /// What is done with places that nobody else uses meanwhile.
    interface Action {
        void run() throws IOException;
    }

    /// @param root of the volumes; snapshots lie in a directory of it
    Copies(Path root) {
        this(root, ROOM, LONGEST);
    }

    /// @param patience of who asks for a copy; the copy itself goes on
    Copies(Path root, long room, Duration patience) {
        this.root = root;
        this.room = room;
        work = new LongWork(patience, 1);
    }

    /// Does something when nobody copies to or from these places, or removes them.
    ///
    /// @param places as [LocalPaths#FROM] has them
    void alone(List<String> places, Action action) throws IOException {
        var held = new ArrayList<KeyedLocks.Held>();
        try {
            // All take them in one order.
            for (var place : new TreeSet<>(places))
                held.add(locks.hold(place, LONGEST)
                        .orElseThrow(() -> new IOException(place + " is in use by another copy")));
            action.run();
        } finally {
            held.reversed().forEach(KeyedLocks.Held::close);
        }
    }

    /// Makes a volume as a copy.
    void volume(String name, String from) throws IOException {
        var into = LocalPaths.fromVolume(name);
        inTurn(into, () -> alone(List.of(into, from), () -> copy(root, name, path(from), isSnapshot(from))));
    }

    /// Takes a snapshot of a volume.
    void snapshot(String name, String volume) throws IOException {
        var from = LocalPaths.fromVolume(volume);
        var into = LocalPaths.fromSnapshot(name);
        inTurn(
                into,
                () -> alone(List.of(into, from), () -> {
                    try {
                        Files.createDirectory(snapshots(), OWN);
                    } catch (FileAlreadyExistsException e) {
                        // It was made for an earlier one.
                    }
                    copy(snapshots(), name, path(from), false);
                }));
    }

    /// All of it is done by whom nobody gives up, locks included: as long as it goes on nobody else touches what it
    /// makes.
    void inTurn(String place, Action action) throws IOException {
        one.acquireUninterruptibly();
        try {
            work.run(place, action::run);
        } finally {
            one.release();
        }
    }

    boolean hasSnapshot(String name) throws IOException {
        try (var directory = Handle.directory(snapshots());
                var found = directory.child(name)) {
            return found.attributes().isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    void removeSnapshot(String name) throws IOException {
        alone(List.of(LocalPaths.fromSnapshot(name)), () -> {
            if (Files.isDirectory(snapshots(), LinkOption.NOFOLLOW_LINKS)) remove(snapshots(), name);
        });
    }

    void removeVolume(String name) throws IOException {
        alone(List.of(LocalPaths.fromVolume(name)), () -> remove(root, name));
    }

    private static void remove(Path parent, String name) throws IOException {
        VolumeDirectory.remove(parent, name);
        VolumeDirectory.remove(parent, name + PART);
    }

    private Path snapshots() {
        return root.resolve("snapshots");
    }

    private static boolean isSnapshot(String from) {
        return from.startsWith(LocalPaths.fromSnapshot(""));
    }

    /// Where a place is.
    private Path path(String from) throws IOException {
        var name = from.substring(from.indexOf('/') + 1);
        var parent = isSnapshot(from) ? snapshots() : root;
        boolean known = from.equals(LocalPaths.fromSnapshot(name)) || from.equals(LocalPaths.fromVolume(name));
        if (!known || name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0)
            throw new IOException("\"" + from + "\" is no volume or snapshot");
        return parent.resolve(name);
    }

    private void copy(Path parent, String name, Path from, boolean unchanging) throws IOException {
        try (var into = Handle.directory(parent)) {
            if (Files.exists(into.entry(name), LinkOption.NOFOLLOW_LINKS)) return;
            var part = name + PART;
            if (!unchanging) RemovedTree.remove(into, part);
            if (!Files.exists(into.entry(part), LinkOption.NOFOLLOW_LINKS))
                Files.createDirectory(into.entry(part), OWN);
            try {
                fill(from, into, part);
            } catch (CopiedTree.NoRoomException | NoSuchFileException e) {
                // What there is of it takes room in vain.
                RemovedTree.remove(into, part);
                throw e;
            }
            Files.move(into.entry(part), into.entry(name), StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.persistNames(parent);
        }
    }

    private void fill(Path from, Handle into, String part) throws IOException {
        long begun = System.nanoTime();
        try (var source = source(from);
                var target = into.child(part)) {
            var outcome = CopiedTree.copy(source, target, room);
            LOG.info(
                    "{}: {} in {} ms from {}",
                    part,
                    outcome,
                    (System.nanoTime() - begun) / 1_000_000,
                    from.getFileName());
        }
    }

    private static Handle source(Path from) throws IOException {
        try {
            return Handle.directory(from);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(from.toString(), "", "what it is to be copied from is not there");
        }
    }
}
