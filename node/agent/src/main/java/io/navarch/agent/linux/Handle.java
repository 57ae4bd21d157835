package io.navarch.agent.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A file or directory that is held open, without being read or written: whatever happens to the path by which it was
/// found, this stays the same file. Opening one has no effect even on devices and pipes.
///
/// @param descriptor of this process
public record Handle(int descriptor) implements AutoCloseable {
    /// Opens a directory by a path that only the node's own programs can change.
    public static Handle directory(Path trusted) throws IOException {
        return new Handle(Kernel.open(
                Kernel.NO_DIRECTORY, trusted.toAbsolutePath().toString(), Kernel.PATH_ONLY | Kernel.DIRECTORY, 0));
    }

    /// Opens a file by a path that only the node's own programs can change, the file itself being no link.
    public static Handle file(Path trusted) throws IOException {
        var path = trusted.toAbsolutePath();
        try (var parent = directory(Objects.requireNonNull(path.getParent(), "the root is a directory"))) {
            return parent.child(path.getFileName().toString());
        }
    }

    /// Opens what is below this directory. Links are followed as long as they do not lead out of it.
    public Handle below(String path) throws IOException {
        return new Handle(Kernel.open(descriptor, path, Kernel.PATH_ONLY, Kernel.BENEATH | Kernel.NO_MAGIC_LINKS));
    }

    /// Opens what lies in this directory, and is no link.
    public Handle child(String name) throws IOException {
        return new Handle(Kernel.open(descriptor, single(name), Kernel.PATH_ONLY, Kernel.BENEATH | Kernel.NO_SYMLINKS));
    }

    /// Opens what lies in this directory, which may be a link, unless something else is mounted there.
    Handle sameMount(String name) throws IOException {
        return new Handle(Kernel.open(
                descriptor,
                single(name),
                Kernel.PATH_ONLY | Kernel.NO_FOLLOW,
                Kernel.BENEATH | Kernel.NO_SYMLINKS | Kernel.NO_OTHER_MOUNT));
    }

    /// A path of this very file, for as long as it is open.
    public Path path() {
        return Path.of("/proc/self/fd", String.valueOf(descriptor));
    }

    /// The path of something in this directory. What is there may be a link: only for calls that do not follow it.
    public Path entry(String name) throws IOException {
        return path().resolve(single(name));
    }

    private static String single(String name) throws IOException {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0)
            throw new IOException("\"" + name + "\" is not the name of a file");
        return name;
    }

    public BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path(), BasicFileAttributes.class);
    }

    public boolean sameFile(Path other) throws IOException {
        return Files.isSameFile(path(), other);
    }

    /// The last bytes of a regular file, nothing of anything else: reading a pipe or a device might never end.
    public byte[] tail(int most) throws IOException {
        if (!attributes().isRegularFile()) return new byte[0];
        try (var channel = FileChannel.open(path(), StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocate(most);
            long position = Math.max(0, channel.size() - most);
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, position + buffer.position());
                if (count < 0) break;
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }

    /// The names of what lies in this directory.
    public List<String> names() throws IOException {
        try (var list = Files.list(path())) {
            return list.map(each -> each.getFileName().toString()).toList();
        }
    }

    /// Reads a regular file, at most so many bytes of it; nothing of anything else.
    public byte[] read(int most) throws IOException {
        if (!attributes().isRegularFile()) return new byte[0];
        try (var in = Files.newInputStream(path())) {
            return in.readNBytes(most);
        }
    }

    /// The same without following links.
    public Handle belowNoLinks(String path) throws IOException {
        return new Handle(Kernel.open(descriptor, path, Kernel.PATH_ONLY, Kernel.BENEATH | Kernel.NO_SYMLINKS));
    }

    /// Shows this very file at a place of the node's own. What is mounted below it later is seen there too; what is
    /// taken away there stays where it was.
    public void bindTo(Path target) throws IOException {
        Kernel.mount(path().toString(), target.toString(), "", Kernel.BIND, "");
        Kernel.mount("", target.toString(), "", Kernel.SLAVE, "");
        // Containers may hand on to each other what they mount in it.
        Kernel.mount("", target.toString(), "", Kernel.SHARED, "");
    }

    @Override
    public void close() {
        Kernel.close(descriptor);
    }
}
