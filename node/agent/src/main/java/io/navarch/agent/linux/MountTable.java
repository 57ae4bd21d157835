package io.navarch.agent.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is mounted where in this process's view of the file system.
public final class MountTable {
    private static final Path FILE = Path.of("/proc/self/mountinfo");
    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final int MOUNT_POINT = 4;

    private MountTable() {}

    /// The places below a directory where something is mounted, the last mounted first.
    public static List<Path> below(Path directory) throws IOException {
        var real = directory.toRealPath();
        return Files.readAllLines(FILE).stream()
                .map(line -> Path.of(unescaped(line.split(" ")[MOUNT_POINT])))
                .filter(point -> point.startsWith(real))
                .toList()
                .reversed();
    }

    public static boolean isMountPoint(Path path) throws IOException {
        return Files.exists(path) && below(path).contains(path.toRealPath());
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

    /// Takes away everything that is mounted below a directory. While anything is left there, removing the directory's
    /// tree would remove what belongs to others.
    public static void clear(Path directory) throws IOException {
        for (var point : below(directory)) Kernel.unmount(point.toString());
        var left = below(directory);
        if (!left.isEmpty()) throw new IOException("still mounted: " + left.getFirst());
    }

    public static void unmount(Path target) throws IOException {
        Kernel.unmount(target.toString());
    }
}
