package io.navarch.agent.cgroups;

import io.navarch.agent.decide.CgroupLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The first version: each controller has a hierarchy of its own.
///
/// Source: https://docs.kernel.org/admin-guide/cgroup-v1/
record SeparateCgroups(Hierarchies hierarchies, InstantSource clock) implements Cgroups {
    private static final String CPU = "cpu";
    private static final String CPUACCT = "cpuacct";
    private static final String BLKIO = "blkio";
    private static final String MEMORY = "memory";
    private static final String PIDS = "pids";
    private static final String CPUSET = "cpuset";
    private static final String HUGETLB = "hugetlb";
    private static final List<String> INHERITED = List.of("cpuset.cpus", "cpuset.mems");

    /// What the kernel says instead of no limit is as large as it can count in pages.
    private static final long NO_LIMIT = 1L << 62;
    /// Of the times in `cpuacct.stat`: a hundredth of a second.
    private static final long NANOS_PER_TICK = 10_000_000;

    @Override
    public void apply(String name, CgroupLimits limits) throws IOException {
        for (var mount : new LinkedHashSet<>(hierarchies.byController().values()))
            Files.createDirectories(CgroupFiles.path(mount, name));
        inherit(name);
        if (limits.cpuShares().isPresent())
            set(CPU, name, "cpu.shares", limits.cpuShares().getAsLong());
        if (limits.cpuPeriod().isPresent())
            set(CPU, name, "cpu.cfs_period_us", limits.cpuPeriod().getAsLong());
        if (limits.cpuQuota().isPresent())
            set(CPU, name, "cpu.cfs_quota_us", limits.cpuQuota().getAsLong());
        if (limits.pids().isPresent()) set(PIDS, name, "pids.max", limits.pids().getAsLong());
        for (var pages : limits.hugePages().entrySet())
            setIfThere(name, "hugetlb." + CgroupFiles.pageSize(pages.getKey()) + ".limit_in_bytes", pages.getValue());
        if (limits.memory().isPresent())
            set(MEMORY, name, "memory.limit_in_bytes", limits.memory().getAsLong());
    }

    private void set(String controller, String name, String file, long value) throws IOException {
        var mount = hierarchies.byController().get(controller);
        // What the kernel has not got it cannot limit.
        if (mount != null) CgroupFiles.write(CgroupFiles.path(mount, name).resolve(file), String.valueOf(value));
    }

    private void setIfThere(String name, String file, long value) throws IOException {
        var mount = hierarchies.byController().get(HUGETLB);
        if (mount == null) return;
        boolean ignored = CgroupFiles.writeIfThere(CgroupFiles.path(mount, name).resolve(file), String.valueOf(value));
    }

    /// A new group has no processors and no memory until it is given some: nothing could run in it.
    private void inherit(String name) throws IOException {
        var mount = hierarchies.byController().get(CPUSET);
        if (mount == null) return;
        var group = mount;
        for (var part : name.substring(1).split("/")) {
            var parent = group;
            group = group.resolve(part);
            for (var file : INHERITED) {
                if (!CgroupFiles.text(group.resolve(file)).isEmpty()) continue;
                boolean ignored = CgroupFiles.writeIfThere(group.resolve(file), CgroupFiles.text(parent.resolve(file)));
            }
        }
    }

    private Set<Path> paths(String name) {
        var paths = new LinkedHashSet<Path>();
        for (var mount : hierarchies.all()) paths.add(CgroupFiles.path(mount, name));
        return paths;
    }

    @Override
    public boolean exists(String name) {
        return paths(name).stream().anyMatch(Files::isDirectory);
    }

    @Override
    public List<String> children(String name) {
        return paths(name).stream()
                .flatMap(path -> CgroupFiles.children(path).stream())
                .map(child -> child.getFileName().toString())
                .distinct()
                .toList();
    }

    @Override
    public List<Long> processes(String name) {
        return paths(name).stream()
                .flatMap(path -> CgroupFiles.processes(path).stream())
                .distinct()
                .toList();
    }

    @Override
    public void remove(String name) throws IOException {
        for (var path : paths(name)) CgroupFiles.remove(path);
    }

    @Override
    public Optional<CgroupUsage> usage(String name) {
        var memory = group(MEMORY, name);
        var accounting = group(CPUACCT, name);
        if (memory.isEmpty() || accounting.isEmpty() || !Files.isDirectory(memory.get())) return Optional.empty();
        var now = clock.instant();
        var nanos = CgroupFiles.number(accounting.get().resolve("cpuacct.usage"));
        var times = CgroupFiles.keyed(accounting.get().resolve("cpuacct.stat"));
        var quota = group(CPU, name)
                .map(group -> CgroupFiles.keyed(group.resolve("cpu.stat")))
                .orElse(Map.of());
        var cpu = new CgroupUsage.Cpu(
                nanos,
                times.getOrDefault("user", 0L) * NANOS_PER_TICK,
                times.getOrDefault("system", 0L) * NANOS_PER_TICK,
                quota.getOrDefault("nr_periods", 0L),
                quota.getOrDefault("nr_throttled", 0L),
                quota.getOrDefault("throttled_time", 0L));
        long processes = group(PIDS, name)
                .map(group -> CgroupFiles.number(group.resolve("pids.current")))
                .orElse(0L);
        var io = group(BLKIO, name)
                .map(group -> BlockIo.OF_MACHINE.separate(
                        group.resolve("blkio.throttle.io_service_bytes_recursive"),
                        group.resolve("blkio.throttle.io_serviced_recursive")))
                .orElse(List.of());
        return Optional.of(new CgroupUsage(now, cpu, memory(memory.get()), processes, io));
    }

    private Optional<Path> group(String controller, String name) {
        return Optional.ofNullable(hierarchies.byController().get(controller))
                .map(mount -> CgroupFiles.path(mount, name));
    }

    private static CgroupUsage.Memory memory(Path group) {
        var stat = CgroupFiles.keyed(group.resolve("memory.stat"));
        long limit = CgroupFiles.number(group.resolve("memory.limit_in_bytes"));
        return new CgroupUsage.Memory(
                limit >= NO_LIMIT ? 0 : limit,
                CgroupFiles.number(group.resolve("memory.usage_in_bytes")),
                stat.getOrDefault("total_inactive_file", 0L),
                stat.getOrDefault("total_rss", 0L),
                stat.getOrDefault("total_cache", 0L),
                stat.getOrDefault("total_mapped_file", 0L),
                stat.getOrDefault("total_swap", 0L),
                0,
                stat.getOrDefault("total_pgfault", 0L),
                stat.getOrDefault("total_pgmajfault", 0L),
                CgroupFiles.keyed(group.resolve("memory.oom_control")).getOrDefault("oom_kill", 0L));
    }
}
