package io.navarch.agent.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is mounted where in this process's view of the file system.
public final class MountTable {
    private static final Path FILE = Path.of("/proc/self/mountinfo");
    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final int MOUNT_POINT = 4;
    private static final int PAGE = 4096;

    // What statfs says of the place itself.
    private static final int FLAGS = 10;
    private static final long SAME_FLAGS = 1 | 2 | 4 | 8 | 1024 | 2048;
    private static final long SEEN_RELATIVE_TIMES = 4096;

    private MountTable() {}

    /// The places below a directory where something is mounted, the last mounted first.
    public static List<Path> below(Path directory) throws IOException {
        return below(directory.toRealPath(), Files.readAllBytes(FILE));
    }

    /// The same of a table as the kernel writes it: bytes, in which names of others stand as they are, save for blanks
    /// and backslashes. What is mounted elsewhere under names that mean nothing is nobody's hindrance here.
    static List<Path> below(Path real, byte[] table) throws IOException {
        var points = new ArrayList<Path>();
        for (var line : new String(table, StandardCharsets.ISO_8859_1).split("\n")) {
            var fields = line.split(" ", MOUNT_POINT + 2);
            if (fields.length <= MOUNT_POINT) continue;
            var bytes = unescaped(fields[MOUNT_POINT]).getBytes(StandardCharsets.ISO_8859_1);
            var name = new String(bytes, StandardCharsets.UTF_8);
            if (!name.equals(real.toString()) && !name.startsWith(real + "/")) continue;
            try {
                points.add(Path.of(name));
            } catch (InvalidPathException e) {
                throw new IOException("something is mounted below " + real + " under a name that cannot be read", e);
            }
        }
        return points.reversed();
    }

    /// Whether something is mounted at a place that is no link. The place itself is not looked at: whoever serves what
    /// is mounted there may not answer.
    public static boolean isMountPoint(Path place) throws IOException {
        var path = place.toAbsolutePath();
        var parent = path.getParent();
        if (parent == null) return true;
        try {
            var real = parent.toRealPath().resolve(path.getFileName());
            return below(real, Files.readAllBytes(FILE)).contains(real);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String unescaped(String text) {
        return ESCAPED.matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }

    /// A file system in memory.
    ///
    /// @param options such as `size=1048576,mode=0755`
    public static void memory(Path target, String options) throws IOException {
        Kernel.mount("tmpfs", target.toString(), "tmpfs", 0, options);
    }

    /// The layers of an image over each other, or what there is of it in one directory; nobody writes to it.
    ///
    /// @param type `overlay` or `bind`
    /// @param options those of the file system
    public static void image(Path target, String type, String source, List<String> options) throws IOException {
        if (type.equals("bind")) {
            Kernel.mount(source, target.toString(), "", Kernel.BIND, "");
            try {
                restrict(target, MountOptions.NONE.readOnly());
            } catch (IOException e) {
                unmount(target);
                throw e;
            }
            return;
        }
        var data = String.join(
                ",", options.stream().filter(each -> !each.equals("ro")).toList());
        // The kernel takes a page of them and cuts what is longer.
        if (data.length() >= PAGE) throw new IOException("an image with too many layers to be shown");
        Kernel.mount(source, target.toString(), type, Kernel.READ_ONLY, data);
    }

    /// Allows less of what is shown at a place; what was not allowed before stays so.
    public static void restrict(Path target, MountOptions options) throws IOException {
        if (options.equals(MountOptions.NONE)) return;
        long seen = Kernel.space(target.toString())[FLAGS];
        long kept = seen & SAME_FLAGS | ((seen & SEEN_RELATIVE_TIMES) != 0 ? Kernel.RELATIVE_TIMES : 0);
        Kernel.mount("", target.toString(), "", Kernel.REMOUNT | Kernel.BIND | kept | options.flags(), "");
    }

    /// Takes away everything that is mounted below a directory. While anything is left there, removing the directory's
    /// tree would remove what belongs to others. Whoever uses a server's file system last waits until the server
    /// has what was written; then nobody sees it any more, and nobody else waits.
    public static void clear(Path directory, BoundedCalls calls) throws IOException {
        var late = new ArrayList<IOException>();
        for (var point : below(directory)) {
            try {
                calls.run(point.toString(), () -> unmount(point));
            } catch (BoundedCalls.LateException e) {
                late.add(e);
            }
        }
        var left = below(directory);
        if (left.isEmpty()) return;
        var failure = new IOException("still mounted: " + left.getFirst());
        late.forEach(failure::addSuppressed);
        throw failure;
    }

    public static void unmount(Path target) throws IOException {
        Kernel.unmount(target.toString());
    }
}
