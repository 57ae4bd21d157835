package io.navarch.agent.cgroups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where the kernel's control groups are mounted.
///
/// @param all every hierarchy, also those without a controller that limits something
/// @param byController of the first version, the shortest path of each controller
/// @param unified of the second version, when it has the controllers
record Hierarchies(List<Path> all, Map<String, Path> byController, boolean unified) {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final Set<String> CONTROLLERS =
            Set.of("cpu", "cpuacct", "cpuset", "memory", "pids", "hugetlb", "blkio", "devices", "freezer");

    static Hierarchies read() {
        try {
            return parse(Files.readAllLines(MOUNTS));
        } catch (IOException e) {
            return new Hierarchies(List.of(), Map.of(), false);
        }
    }

    /// @param mounts lines such as `cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0`
    static Hierarchies parse(List<String> mounts) {
        var found = mounts.stream()
                .map(line -> line.split(" "))
                .filter(words -> words.length > 3 && words[2].startsWith("cgroup"))
                .sorted(Comparator.comparingInt(words -> words[1].length()))
                .toList();
        var byController = new LinkedHashMap<String, Path>();
        for (var words : found) {
            if (!words[2].equals("cgroup")) continue;
            Arrays.stream(words[3].split(","))
                    .filter(CONTROLLERS::contains)
                    .forEach(name -> byController.putIfAbsent(name, Path.of(words[1])));
        }
        var all = found.stream().map(words -> Path.of(words[1])).distinct().toList();
        // Beside a first version that has the controllers, the second has none.
        boolean unified = byController.isEmpty() && !all.isEmpty();
        return new Hierarchies(all, Map.copyOf(byController), unified);
    }
}
