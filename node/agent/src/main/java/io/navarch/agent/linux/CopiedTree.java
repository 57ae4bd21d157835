package io.navarch.agent.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A copy of a tree that others may be changing: every step is taken from a directory that is held open, so that no
/// link put in the way is followed, and nothing is entered that has been mounted in it. Contents are shared with the
/// original where the file system can do that, copied else; what is zero takes no room. What was copied before is
/// found by its size and time, and not copied again. Kept are owners, modes, times, links, names of one file, and the
/// attributes of users; pipes, sockets and devices are passed over.
public final class CopiedTree {
    private static final int CHUNK = 1 << 20;
    /// What is zero is looked for in steps of this.
    private static final int PAGE = 4096;
    /// Files with several names that are remembered; of more, each name gets a copy.
    private static final int MOST_LINKS = 100_000;

    private static final long MOST_LINK_CHARACTERS = 8 << 20;
    /// The kernel takes no longer paths.
    private static final int LONGEST_LINK = 1000;
    /// Directories in each other: each is held open.
    private static final int DEEPEST = 200;

    private final Handle from;
    private final Handle into;
    private final long room;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    private final Map<Object, String> links = new HashMap<>();
    private boolean shares = true;
    private long linked;
    private long files;
    private long shared;
    private long bytes;
    private long passedOver;

    /// @param files that it has
    /// @param shared of these, those whose contents are shared
    /// @param bytes that were copied
    /// @param passedOver what is neither file, directory nor link
    public record Outcome(long files, long shared, long bytes, long passedOver) {}

    /// There is not enough room for it.
    public static final class NoRoomException extends IOException {
        private static final long serialVersionUID = 1;

        private NoRoomException() {
            // The same each time: what is told in the API is written there again when it is another text.
            super("not enough room for a copy");
        }
    }

    private record Directory(BasicFileAttributes attributes, int owner, int group, int mode) {}

    private CopiedTree(Handle from, Handle into, long room) {
        this.from = from;
        this.into = into;
        this.room = room;
    }

    /// Copies what is in a directory into another one, which nobody else knows yet, and itself.
    ///
    /// @param room that must be left on the file system
    public static Outcome copy(Handle from, Handle into, long room) throws IOException {
        return new CopiedTree(from, into, room).copy();
    }

    private Outcome copy() throws IOException {
        try (var source = from.below(".");
                var target = into.below(".")) {
            directory("", source, target, 0);
        }
        flush();
        return new Outcome(files, shared, bytes, passedOver);
    }

    /// Whatever a tree has, no more is known of it at a time than the directories that lead to one of its files.
    private void directory(String path, Handle source, Handle target, int depth) throws IOException {
        if (depth > DEEPEST) throw new IOException("there are more than " + DEEPEST + " directories in each other");
        var seen = directory(source);
        try (var inside = Files.newDirectoryStream(source.path())) {
            for (var each : inside) {
                if (Thread.currentThread().isInterrupted()) throw new InterruptedIOException("interrupted");
                entry(source, target, path, each.getFileName().toString(), depth);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        // Last: what is made in a directory changes its time.
        give(target.path(), seen.owner, seen.group, seen.mode);
        Files.setLastModifiedTime(target.path(), seen.attributes.lastModifiedTime());
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }

    private static Directory directory(Handle source) throws IOException {
        var file = source.path();
        return new Directory(
                source.attributes(), number(file, "unix:uid"), number(file, "unix:gid"), number(file, "unix:mode"));
    }

    private static int number(Path file, String attribute) throws IOException {
        return (Integer) Files.getAttribute(file, attribute);
    }

    private static void give(Path file, int owner, int group, int mode) throws IOException {
        Files.setAttribute(file, "unix:uid", owner);
        Files.setAttribute(file, "unix:gid", group);
        // Last: a change of the owner takes some of it away.
        Files.setAttribute(file, "unix:mode", mode & 07777);
    }

    private void entry(Handle source, Handle target, String path, String name, int depth) throws IOException {
        BasicFileAttributes attributes;
        Handle opened;
        try {
            attributes = Files.readAttributes(source.entry(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink()) {
                link(source, target, name);
                return;
            }
            opened = source.sameMount(name);
        } catch (NoSuchFileException e) {
            // It has gone meanwhile. What has gone from the copy is another matter.
            return;
        }
        try (var found = opened) {
            // What is held open is what counts; the name may be another's by now.
            var held = found.attributes();
            if (held.isDirectory()) {
                directory(target.entry(name));
                try (var made = target.child(name)) {
                    directory(below(path, name), found, made, depth + 1);
                }
            } else if (held.isRegularFile()) file(found, held, target, below(path, name), name);
            else passedOver++;
        }
    }

    private static void directory(Path made) throws IOException {
        try {
            Files.createDirectory(made);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)) throw e;
        }
    }

    private void link(Handle source, Handle target, String name) throws IOException {
        var to = Files.readSymbolicLink(source.entry(name));
        var owners = Files.readAttributes(source.entry(name), "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
        var made = target.entry(name);
        try {
            Files.deleteIfExists(made);
            Files.createSymbolicLink(made, to);
            for (var each : owners.entrySet())
                Files.setAttribute(made, "unix:" + each.getKey(), each.getValue(), LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw new IOException("the copy is being removed: " + e.getMessage(), e);
        }
        files++;
    }

    private void file(Handle found, BasicFileAttributes attributes, Handle target, String path, String name)
            throws IOException {
        var made = target.entry(name);
        files++;
        boolean named = number(found.path(), "unix:nlink") > 1;
        var key = attributes.fileKey();
        if (named && key != null) {
            var before = links.get(key);
            if (before != null) {
                Files.deleteIfExists(made);
                try (var parent = into.below(".")) {
                    Files.createLink(made, parent.path().resolve(before));
                }
                return;
            }
            boolean fits = path.length() <= LONGEST_LINK && linked + path.length() <= MOST_LINK_CHARACTERS;
            if (fits && links.size() < MOST_LINKS) {
                links.put(key, path);
                linked += path.length();
            }
        }
        if (done(made, attributes)) return;
        Files.deleteIfExists(made);
        contents(found, attributes.size(), target, name);
        try (var copied = target.child(name)) {
            give(
                    copied.path(),
                    number(found.path(), "unix:uid"),
                    number(found.path(), "unix:gid"),
                    number(found.path(), "unix:mode"));
            userAttributes(found.path(), copied.path());
            Files.setLastModifiedTime(copied.path(), attributes.lastModifiedTime());
        }
    }

    private static boolean done(Path made, BasicFileAttributes wanted) throws IOException {
        try {
            var there = Files.readAttributes(made, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            FileTime time = wanted.lastModifiedTime();
            return there.isRegularFile()
                    && there.size() == wanted.size()
                    && there.lastModifiedTime().equals(time);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void contents(Handle found, long size, Handle target, String name) throws IOException {
        try (var in = FileChannel.open(found.path(), StandardOpenOption.READ);
                var out = FileChannel.open(
                        target.entry(name),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            if (shares && size > 0) {
                shares = Kernel.shareContents(
                        found.path().toString(), target.entry(name).toString());
                if (shares) {
                    shared++;
                    return;
                }
            }
            long free = FileSystemSpace.of(target.path().toRealPath()).bytesAvailable();
            if (free - size < room) throw new NoRoomException();
            copy(in, size, out);
        }
    }

    /// Not more than it had: somebody may write to its end faster than it is read.
    private void copy(FileChannel in, long size, FileChannel out) throws IOException {
        long position = 0;
        while (position < size) {
            if (Thread.currentThread().isInterrupted()) throw new InterruptedIOException("interrupted");
            chunk.clear().limit((int) Math.min(CHUNK, size - position));
            int count = in.read(chunk, position);
            if (count < 0) break;
            for (int start = 0; start < count; start += PAGE) {
                int end = Math.min(count, start + PAGE);
                if (zero(start, end)) continue;
                while (end < count && !zero(end, Math.min(count, end + PAGE))) end = Math.min(count, end + PAGE);
                var part = chunk.duplicate().position(start).limit(end);
                long place = position + start;
                while (part.hasRemaining()) place += out.write(part, place);
                start = end - PAGE;
            }
            position += count;
            bytes += count;
        }
        // It may end in what takes no room.
        if (out.size() < position) {
            var last = ByteBuffer.allocate(1);
            int written = out.write(last, position - 1);
            assert written == 1;
        }
    }

    private boolean zero(int start, int end) {
        for (int i = start; i < end; i++) if (chunk.get(i) != 0) return false;
        return true;
    }

    private static void userAttributes(Path source, Path target) throws IOException {
        List<String> names;
        var all = Files.getFileAttributeView(source, UserDefinedFileAttributeView.class);
        if (all == null) return;
        try {
            names = all.list();
        } catch (IOException e) {
            // The file system has none.
            return;
        }
        var copies = Objects.requireNonNull(Files.getFileAttributeView(target, UserDefinedFileAttributeView.class));
        for (var name : names) {
            var value = ByteBuffer.allocate(all.size(name));
            int read = all.read(name, value);
            assert read >= 0;
            value.flip();
            int written = copies.write(name, value);
            assert written >= 0;
        }
    }

    /// What is called complete must be there after a loss of power, too.
    private void flush() throws IOException {
        Kernel.flushFileSystem(into.path().toString());
    }
}
