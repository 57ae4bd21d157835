package io.navarch.crash.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Processes of this machine, as the kernel shows them.
final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final String POSTGRES = "postgres";

    private Processes() {}

    /// @param born the kernel's clock at its start: a number may be given again
    /// @param directory which directory it works in, whatever that is called there
    record Postmaster(long pid, long parent, String born, Object directory) {}

    private record Stat(String name, String state, long parent, String born) {}

    /// PostgreSQL servers that run now: the first processes of theirs.
    static List<Postmaster> postmasters() throws IOException {
        var found = new ArrayList<Postmaster>();
        for (long pid : all()) postmaster(pid).ifPresent(found::add);
        return found;
    }

    static Optional<Postmaster> postmaster(long pid) {
        var stat = stat(pid);
        if (stat.isEmpty() || !stat.get().name.equals(POSTGRES) || dead(stat.get())) return Optional.empty();
        if (name(stat.get().parent).equals(POSTGRES)) return Optional.empty();
        try {
            var key = Files.readAttributes(PROC.resolve(pid + "/cwd"), BasicFileAttributes.class)
                    .fileKey();
            return Optional.of(
                    new Postmaster(pid, stat.get().parent, stat.get().born, Objects.requireNonNull(key, "on Linux")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// A new process between fork and exec, or while it ends, may still look like its parent.
    private static boolean dead(Stat stat) {
        return stat.state.equals("Z") || stat.state.equals("X");
    }

    static List<Long> children(long parent) throws IOException {
        var found = new ArrayList<Long>();
        for (long pid : all()) {
            if (stat(pid).filter(stat -> stat.parent == parent && !dead(stat)).isPresent()) found.add(pid);
        }
        return found;
    }

    static String name(long pid) {
        return stat(pid).map(Stat::name).orElse("");
    }

    /// Whether it belongs to a control group with such a name.
    static boolean inGroup(long pid, String part) {
        try {
            return Files.readString(PROC.resolve(pid + "/cgroup"), StandardCharsets.ISO_8859_1)
                    .contains(part);
        } catch (IOException e) {
            return false;
        }
    }

    static List<Long> all() throws IOException {
        try (var list = Files.list(PROC)) {
            return list.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .map(Long::parseLong)
                    .toList();
        }
    }

    private static Optional<Stat> stat(long pid) {
        try {
            var text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            int open = text.indexOf('(');
            int close = text.lastIndexOf(')');
            var rest = text.substring(close + 2).split(" ");
            return Optional.of(new Stat(text.substring(open + 1, close), rest[0], Long.parseLong(rest[1]), rest[19]));
        } catch (IOException | RuntimeException e) {
            // It has ended meanwhile.
            return Optional.empty();
        }
    }
}
