package io.navarch.agent.cgroups;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The files of a control group's directory. Directory and files go while they are read; what has gone is empty.
final class CgroupFiles {
    private CgroupFiles() {}

    static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /// Zero for what is no number, such as `max`.
    static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static long number(Path file) {
        return number(text(file));
    }

    /// Lines such as `usage_usec 12`.
    static Map<String, Long> keyed(Path file) {
        var values = new HashMap<String, Long>();
        for (var line : text(file).split("\n")) {
            int space = line.indexOf(' ');
            if (space > 0)
                values.put(
                        line.substring(0, space),
                        number(line.substring(space + 1).strip()));
        }
        return values;
    }

    /// The kernel makes the files; one that is not there says that it cannot do it.
    static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    static boolean writeIfThere(Path file, String text) throws IOException {
        if (!Files.exists(file)) return false;
        write(file, text);
        return true;
    }

    static List<Path> children(Path group) {
        try (var list = Files.list(group)) {
            return list.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    static List<Long> processes(Path group) {
        var all = new ArrayList<Long>();
        for (var line : text(group.resolve("cgroup.procs")).split("\n")) if (!line.isEmpty()) all.add(number(line));
        for (var child : children(group)) all.addAll(processes(child));
        return all;
    }

    /// The files in a group go with its directory and cannot be removed by themselves.
    static void remove(Path group) throws IOException {
        for (var child : children(group)) remove(child);
        Files.deleteIfExists(group);
    }

    /// A name becomes a path below the mount whatever it is.
    static Path path(Path mount, String name) {
        return name.isEmpty() ? mount : mount.resolve(name.substring(1));
    }

    /// `2MB` for the size of a page, as the kernel's files name it.
    static String pageSize(long bytes) {
        if (bytes >= 1L << 30) return (bytes >> 30) + "GB";
        return bytes >= 1L << 20 ? (bytes >> 20) + "MB" : (bytes >> 10) + "KB";
    }
}
