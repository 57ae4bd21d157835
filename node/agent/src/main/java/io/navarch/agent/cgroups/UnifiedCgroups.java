package io.navarch.agent.cgroups;

import io.navarch.agent.decide.CgroupLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The second version: one hierarchy for all controllers.
///
/// Source: https://docs.kernel.org/admin-guide/cgroup-v2.html
record UnifiedCgroups(Path mount, Path memoryInfo, InstantSource clock) implements Cgroups {
    private static final Set<String> WANTED = Set.of("cpu", "cpuset", "memory", "pids", "hugetlb", "io");
    private static final String NO_LIMIT = "max";
    private static final long NANOS_PER_MICRO = 1000;

    @Override
    public void apply(String name, CgroupLimits limits) throws IOException {
        var group = mount;
        for (var part : name.substring(1).split("/")) {
            delegate(group);
            group = group.resolve(part);
            Files.createDirectories(group);
        }
        if (limits.cpuShares().isPresent())
            set(group, "cpu.weight", CgroupLimits.weight(limits.cpuShares().getAsLong()));
        if (limits.cpuQuota().isPresent()) {
            long quota = limits.cpuQuota().getAsLong();
            boolean ignored = CgroupFiles.writeIfThere(
                    group.resolve("cpu.max"),
                    (quota < 0 ? NO_LIMIT : String.valueOf(quota)) + " "
                            + limits.cpuPeriod().orElseThrow());
        }
        if (limits.pids().isPresent()) set(group, "pids.max", limits.pids().getAsLong());
        for (var pages : limits.hugePages().entrySet())
            set(group, "hugetlb." + CgroupFiles.pageSize(pages.getKey()) + ".max", pages.getValue());
        if (limits.memory().isPresent())
            set(group, "memory.max", limits.memory().getAsLong());
    }

    private static void set(Path group, String file, long value) throws IOException {
        boolean ignored = CgroupFiles.writeIfThere(group.resolve(file), String.valueOf(value));
    }

    /// Lets the groups in a group have controllers.
    private static void delegate(Path group) throws IOException {
        var there = new ArrayList<>(words(group.resolve("cgroup.controllers")));
        there.retainAll(WANTED);
        there.removeAll(words(group.resolve("cgroup.subtree_control")));
        // One by one: a controller that cannot be had does not keep the others.
        for (var controller : there) {
            try {
                CgroupFiles.write(group.resolve("cgroup.subtree_control"), "+" + controller);
            } catch (IOException e) {
                if (controller.equals("memory") || controller.equals("cpu")) throw e;
            }
        }
    }

    private static List<String> words(Path file) {
        return Arrays.asList(CgroupFiles.text(file).split(" "));
    }

    private Path path(String name) {
        return CgroupFiles.path(mount, name);
    }

    @Override
    public boolean exists(String name) {
        return Files.isDirectory(path(name));
    }

    @Override
    public List<String> children(String name) {
        return CgroupFiles.children(path(name)).stream()
                .map(child -> child.getFileName().toString())
                .toList();
    }

    @Override
    public List<Long> processes(String name) {
        return CgroupFiles.processes(path(name));
    }

    @Override
    public void remove(String name) throws IOException {
        CgroupFiles.remove(path(name));
    }

    @Override
    public Optional<CgroupUsage> usage(String name) {
        var group = path(name);
        if (!Files.isDirectory(group)) return Optional.empty();
        var now = clock.instant();
        var stat = CgroupFiles.keyed(group.resolve("cpu.stat"));
        var cpu = new CgroupUsage.Cpu(
                stat.getOrDefault("usage_usec", 0L) * NANOS_PER_MICRO,
                stat.getOrDefault("user_usec", 0L) * NANOS_PER_MICRO,
                stat.getOrDefault("system_usec", 0L) * NANOS_PER_MICRO,
                stat.getOrDefault("nr_periods", 0L),
                stat.getOrDefault("nr_throttled", 0L),
                stat.getOrDefault("throttled_usec", 0L) * NANOS_PER_MICRO);
        long processes = CgroupFiles.number(group.resolve("pids.current"));
        return Optional.of(new CgroupUsage(
                now,
                cpu,
                memory(group, name.isEmpty()),
                processes,
                BlockIo.OF_MACHINE.unified(group.resolve("io.stat"))));
    }

    private CgroupUsage.Memory memory(Path group, boolean machine) {
        var stat = CgroupFiles.keyed(group.resolve("memory.stat"));
        // The root has no counter of its own.
        long usage = machine ? machineUsage() : CgroupFiles.number(group.resolve("memory.current"));
        return new CgroupUsage.Memory(
                CgroupFiles.number(group.resolve("memory.max")),
                usage,
                stat.getOrDefault("inactive_file", 0L),
                stat.getOrDefault("anon", 0L),
                stat.getOrDefault("file", 0L),
                stat.getOrDefault("file_mapped", 0L),
                CgroupFiles.number(group.resolve("memory.swap.current")),
                CgroupFiles.number(group.resolve("memory.swap.max")),
                stat.getOrDefault("pgfault", 0L),
                stat.getOrDefault("pgmajfault", 0L),
                CgroupFiles.keyed(group.resolve("memory.events")).getOrDefault("oom_kill", 0L));
    }

    private long machineUsage() {
        var info = kibibytes(memoryInfo);
        return info.getOrDefault("MemTotal", 0L) - info.getOrDefault("MemFree", 0L);
    }

    /// Bytes, of lines such as `MemFree:   12 kB`.
    static Map<String, Long> kibibytes(Path file) {
        var values = new HashMap<String, Long>();
        for (var line : CgroupFiles.text(file).split("\n")) {
            int colon = line.indexOf(':');
            if (colon < 0) continue;
            var words = line.substring(colon + 1).strip().split(" ");
            values.put(line.substring(0, colon), CgroupFiles.number(words[0]) * 1024);
        }
        return values;
    }
}
